#include "src/cli/s3_exporter_environment.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "lookout/aws/s3_endpoint.hpp"
#include "lookout/base/text.hpp"

#include "src/cli/boolean.hpp"
#include "src/cli/duration.hpp"
#include "src/cli/repository_settings.hpp"

namespace lookout::cli {
namespace {

using Environment = std::map<std::string, std::string>;

std::string value(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

Error wrong(const std::string& name, const std::string& message) {
  return {ErrorCode::kInvalid, "environment: " + name + ": " + message};
}

// Into `out`, which keeps its default when the variable is empty.
Result<void> read_duration(const Environment& environment, const std::string& name,
                           std::chrono::milliseconds& out) {
  const std::string text = value(environment, name);
  if (text.empty()) return {};
  const auto parsed = parse_duration(text);
  if (!parsed || *parsed < kIntervalMin) {
    return wrong(name, "expected a duration of at least 1s, got " + quote_bounded(text));
  }
  out = *parsed;
  return {};
}

Result<void> read_credentials(const Environment& environment, repository::S3Source& source) {
  const std::string text = value(environment, "USE_IAM_ROLE");
  const auto use_role = text.empty() ? std::optional<bool>(true) : parse_boolean(text);
  if (!use_role) return wrong("USE_IAM_ROLE", "expected true or false, got " + quote_bounded(text));
  if (*use_role) return {};
  source.auth = repository::S3Source::Auth::kStatic;
  source.access_key_id.environment = "AWS_ACCESS_KEY_ID";
  source.secret_access_key.environment = "AWS_SECRET_ACCESS_KEY";
  for (const auto& name :
       {source.access_key_id.environment, source.secret_access_key.environment}) {
    if (value(environment, name).empty()) return wrong(name, "is needed with USE_IAM_ROLE=false");
  }
  if (!value(environment, "AWS_SESSION_TOKEN").empty()) {
    source.session_token.environment = "AWS_SESSION_TOKEN";
  }
  return {};
}

aws::S3Location read_location(const Environment& environment) {
  aws::S3Location out;
  out.bucket = value(environment, "S3_BUCKET");
  out.key = value(environment, "S3_KEY");
  if (out.key.empty()) out.key = "index.yaml";
  out.region = value(environment, "S3_REGION");
  out.endpoint = value(environment, "AWS_ENDPOINT_URL_S3");
  if (out.endpoint.empty()) out.endpoint = value(environment, "AWS_ENDPOINT_URL");
  return out;
}

}  // namespace

Result<std::optional<repository::RepositorySettings>> repository_from_environment(
    const Environment& environment) {
  if (value(environment, "S3_BUCKET").empty())
    return std::optional<repository::RepositorySettings>();
  repository::RepositorySettings out;
  repository::S3Source source;
  source.location = read_location(environment);
  out.name = source.location.bucket;
  if (const auto target = aws::resolve_s3(source.location); !target) {
    return wrong("S3_BUCKET", target.error().message);
  }
  if (auto read = read_credentials(environment, source); !read) return read.error();
  if (auto read = read_duration(environment, "SCAN_INTERVAL", out.interval); !read) {
    return read.error();
  }
  if (auto read = read_duration(environment, "SCAN_TIMEOUT", out.timeout); !read) {
    return read.error();
  }
  out.timeout = std::min<std::chrono::milliseconds>(out.timeout, kTimeoutMax);
  out.source = std::move(source);
  return std::optional(std::move(out));
}

}  // namespace lookout::cli
