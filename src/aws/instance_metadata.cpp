#include "src/aws/instance_metadata.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/aws/credential_json.hpp"
#include "src/aws/exchange.hpp"

namespace lookout::aws {
namespace {

constexpr std::chrono::milliseconds kMetadataTimeout{1'000};
constexpr std::size_t kMetadataBytesMax = 10'000;
constexpr std::size_t kRoleBytesMax = 64;  // of IAM
constexpr const char* kTokenTtl = "21600";
constexpr const char* kRolePath = "/latest/meta-data/iam/security-credentials/";

bool is_role_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_+=,.@-").find(c) != std::string_view::npos;
}

Error failure(ErrorCode code, const std::string& what) {
  return {code, "instance metadata: " + what};
}

Result<http::Url> service_url(const Environment& environment) {
  std::string text = variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (text.empty()) {
    const bool ipv6 = equals_ignoring_case(
        variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), "ipv6");
    text = ipv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  }
  auto url = http::parse_url(text);
  if (!url || (url->scheme != "http" && url->scheme != "https")) {
    return failure(ErrorCode::kInvalid, "AWS_EC2_METADATA_SERVICE_ENDPOINT is no http URL");
  }
  while (url->path.ends_with('/')) url->path.pop_back();
  return url;
}

// One load: the service, and the token once it is there.
class MetadataSession {
 public:
  MetadataSession(const SourceContext& context, http::Url url)
      : context_(context), url_(std::move(url)) {}

  Result<void> open() {
    auto answer = send(http::Method::kPut, "/latest/api/token",
                       {{"X-aws-ec2-metadata-token-ttl-seconds", kTokenTtl}});
    if (!answer) {
      const bool cancelled = answer.error().code == ErrorCode::kCancelled;
      return failure(cancelled ? ErrorCode::kCancelled : ErrorCode::kNotFound,
                     answer.error().message);
    }
    if (answer->status != 200 || !is_header_text(answer->body)) {
      const bool later = answer->status >= 500;
      return failure(later ? ErrorCode::kUnavailable : ErrorCode::kNotFound,
                     "no token (status " + std::to_string(answer->status) + ")");
    }
    token_ = std::move(answer->body);
    return {};
  }

  Result<Answer> read(const std::string& path) {
    auto answer = send(http::Method::kGet, path, {{"X-aws-ec2-metadata-token", token_}});
    if (!answer) return failure(answer.error().code, answer.error().message);
    return answer;
  }

 private:
  Result<Answer> send(http::Method method, const std::string& path, http::Headers headers) {
    Exchange call;
    call.peer.origin = url_;
    call.request.method = method;
    call.request.target = url_.path + path;
    call.request.headers = std::move(headers);
    call.request.header_timeout = kMetadataTimeout;
    call.request.idle_timeout = kMetadataTimeout;
    call.body_bytes_max = kMetadataBytesMax;
    return exchange(context_, call);
  }

  const SourceContext& context_;
  const http::Url url_;
  std::string token_;
};

Result<std::string> read_role(MetadataSession& session) {
  const auto answer = session.read(kRolePath);
  if (!answer) return answer.error();
  if (answer->status == 404) return failure(ErrorCode::kNotFound, "the machine has no role");
  const std::string role(trim(std::string_view(answer->body).substr(0, answer->body.find('\n'))));
  const bool valid = answer->status == 200 && !role.empty() && role.size() <= kRoleBytesMax &&
                     std::all_of(role.begin(), role.end(), is_role_byte);
  if (!valid) {
    return failure(ErrorCode::kUnavailable,
                   "no name of a role (status " + std::to_string(answer->status) + ")");
  }
  return role;
}

Result<Credentials> read_credentials(MetadataSession& session, const std::string& role) {
  const auto answer = session.read(kRolePath + http::percent_encode(role));
  if (!answer) return answer.error();
  if (answer->status != 200) {
    return failure(ErrorCode::kUnavailable,
                   "no credentials (status " + std::to_string(answer->status) + ")");
  }
  auto credentials = parse_credential_json(answer->body, CredentialDialect::kEndpoint);
  if (credentials) return credentials;
  const bool forbidden = credentials.error().code == ErrorCode::kForbidden;
  return failure(forbidden ? ErrorCode::kForbidden : ErrorCode::kUnavailable,
                 "the answer: " + credentials.error().message);
}

}  // namespace

Result<Credentials> instance_credentials(const SourceContext& context) {
  if (is_true(context.environment, "AWS_EC2_METADATA_DISABLED")) {
    return failure(ErrorCode::kNotFound, "switched off by AWS_EC2_METADATA_DISABLED");
  }
  auto url = service_url(context.environment);
  if (!url) return url.error();
  MetadataSession session(context, std::move(url).value());
  if (auto opened = session.open(); !opened) return opened.error();
  const auto role = read_role(session);
  if (!role) return role.error();
  return read_credentials(session, *role);
}

}  // namespace lookout::aws
