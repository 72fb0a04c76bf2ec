// A process in the cloud, as a test arranges it: environment, files, services, time.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "lookout/aws/credentials.hpp"

#include "src/aws/source_context.hpp"
#include "test/aws/stepping_clock.hpp"
#include "test/fakes/scripted_factory.hpp"
#include "test/system/temporary_folder.hpp"

namespace lookout::aws {

inline constexpr const char* kStsOrigin = "https://sts.eu-west-1.amazonaws.com:443";
inline constexpr const char* kMetadataOrigin = "http://169.254.169.254:80";
inline constexpr const char* kContainerOrigin = "http://169.254.170.2:80";

// What stands for a secret in tests of messages.
inline constexpr const char* kCanary = "CANARY";

struct Cloud {
  // Region eu-west-1, no metadata service, files in `folder`.
  Cloud();

  CredentialsProvider provider() { return {options(), network.factory(), clock}; }
  CredentialsOptions options() const;
  // For the sources by themselves. Refers to members of this.
  SourceContext context();
  // The whole chain once.
  Result<std::optional<Credentials>> load() { return provider().credentials({}); }

  // AWS_ROLE_ARN and a token file that holds `token`.
  void set_web_identity(const std::string& token);
  fakes::ScriptedTransport& sts() { return network.at(kStsOrigin); }
  fakes::ScriptedTransport& metadata() { return network.at(kMetadataOrigin); }
  fakes::ScriptedTransport& container() { return network.at(kContainerOrigin); }

  testing::TemporaryFolder folder;
  Environment environment;
  CredentialsOptions base_options;
  fakes::ScriptedFactory network;
  http::TransportFactory factory = network.factory();
  SteppingClock clock;
  RetryPolicy retries{[] { return 0.5; }};
  std::stop_source stop;
};

// STS' answer with credentials of that key, good for `lifetime` from SteppingClock::kStart.
fakes::ScriptedResponse sts_answer(const std::string& action, const std::string& key,
                                   std::chrono::seconds lifetime = std::chrono::hours(1));
fakes::ScriptedResponse sts_error(int status, const std::string& code);
// What container endpoint and instance metadata answer.
std::string credentials_json(const std::string& key,
                             std::chrono::seconds lifetime = std::chrono::hours(6));
fakes::ScriptedResponse text_answer(std::string body, int status = 200);

// Decoded parameters of a form.
std::map<std::string, std::string> form_of(const http::Request& request);
// The access key that signed it; "" when it is not signed.
std::string signer_of(const http::Request& request);

}  // namespace lookout::aws
