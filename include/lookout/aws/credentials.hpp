// AWS credentials, found as the AWS SDKs find them and refreshed before they expire.
//
// Order of the default chain: environment, shared profile (static, source_profile with role_arn,
// credential_process), web identity (IRSA), then the container endpoint (EKS Pod Identity, ECS)
// or the instance metadata service (IMDSv2). The whole answer is cached, refreshed
// kRefreshAhead before it expires, and kept while a refresh fails and it is still valid.
// A role of the repository (assume_role) is assumed on top of whatever was found.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/transport.hpp"

namespace lookout::aws {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // "" for long-lived keys
  std::optional<WallTime> expires_at;

  bool operator==(const Credentials&) const = default;
};

// sts:AssumeRole for one repository (`auth.roleArn` of its settings).
struct AssumedRole {
  std::string role_arn;
  std::string external_id;   // "" = none
  std::string session_name;  // "" = "helm-lookout"

  bool operator==(const AssumedRole&) const = default;
};

using Environment = std::map<std::string, std::string>;

struct CredentialsOptions {
  enum class Source { kDefaultChain, kStatic, kAnonymous };
  Source source = Source::kDefaultChain;
  Credentials static_credentials;  // with kStatic
  std::optional<AssumedRole> assume_role;
  // Of STS; "" = AWS_REGION, AWS_DEFAULT_REGION, the profile's, then us-east-1.
  std::string region;
  std::string profile;      // "" = AWS_PROFILE, then "default"
  Environment environment;  // of the process; HOME, AWS_*
};

inline constexpr std::chrono::minutes kRefreshAhead{5};

// Thread-safe; a refresh by one thread serves the others.
class CredentialsProvider {
 public:
  // `create` makes the transports to STS and metadata services; `clock` outlives this.
  CredentialsProvider(CredentialsOptions options, http::TransportFactory create,
                      const Clock& clock);
  ~CredentialsProvider();

  // nullopt: anonymous requests. kNotFound: no source has any; kForbidden: STS or the endpoint
  // refused; kUnauthorized: they do not take what was shown, or what was found has expired;
  // kThrottled, kUnavailable; kInvalid: settings or files that contradict themselves; kCancelled.
  Result<std::optional<Credentials>> credentials(std::stop_token stop);
  // The service refused these: the next call asks the source again.
  void expire(const Credentials& refused);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// AWS_REGION, AWS_DEFAULT_REGION, the profile's `region`, in this order; "" when none says.
std::string region_from_environment(const Environment& environment, const std::string& profile);

// AWS_ENDPOINT_URL_<service> ("S3", "STS"), AWS_ENDPOINT_URL; "" when neither says, or
// AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true.
std::string endpoint_from_environment(const Environment& environment, const std::string& service);

}  // namespace lookout::aws
