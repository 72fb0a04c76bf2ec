// An index.yaml in an S3 bucket: signed GetObject requests.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "lookout/aws/credentials.hpp"
#include "lookout/aws/retry.hpp"
#include "lookout/aws/s3_endpoint.hpp"
#include "lookout/base/clock.hpp"
#include "lookout/repository/scan.hpp"

#include "src/repository/index_fetch.hpp"
#include "src/repository/s3_refusal.hpp"
#include "src/repository/transport_set.hpp"
#include "src/repository/validators.hpp"

namespace lookout::repository {

// Redirects are never followed: what they say about the bucket's region is learned, and the
// request signed anew for the endpoint of that region. Region, clock offset and credentials are
// each put right once a scan; what else passes is tried again within the time-out.
class S3SourceReader {
 public:
  // REQUIRES: settings.source is an S3Source. `context` outlives this.
  S3SourceReader(const RepositorySettings& settings, const ScanContext& context);
  S3SourceReader(const S3SourceReader&) = delete;
  S3SourceReader& operator=(const S3SourceReader&) = delete;

  ScanOutcome scan(std::stop_token stop, MonoTime deadline);

 private:
  struct Attempt {
    http::Url url;
    std::optional<aws::Credentials> credentials;  // nullopt: anonymous
    bool conditional = false;
    IndexFetch fetch;
    std::optional<S3Refusal> refusal;
  };
  struct Cured {
    bool region = false;
    bool clock = false;
    bool credentials = false;
  };

  Result<void> refresh_credentials();
  Result<aws::CredentialsOptions> credentials_options() const;
  Result<std::unique_ptr<http::Transport>> create_aws_transport(http::TransportOptions options);
  Result<Attempt> send(std::stop_token stop, MonoTime deadline);
  http::Request request_for(Attempt& attempt, Duration left) const;
  // Whether the request is worth repeating at once.
  bool cure(const Attempt& attempt, Cured& cured);
  bool learn_clock_offset(const http::Headers& headers);
  std::optional<Duration> retry_delay(const Attempt& attempt, int attempts);
  ScanOutcome conclude(Attempt attempt);

  const RepositorySettings settings_;  // with AWS_CA_BUNDLE for a CA when they have none
  const S3Source& source_;
  const ScanContext& context_;
  aws::S3Location location_;  // its region is what was learned last
  TransportSet transports_;
  std::optional<aws::Credentials> static_credentials_;  // that credentials_ was made with
  std::unique_ptr<aws::CredentialsProvider> credentials_;
  aws::RetryPolicy retries_ = aws::RetryPolicy::seeded();
  Duration clock_offset_{0};  // of the service's clock from ours
  Validators validators_;
};

}  // namespace lookout::repository
