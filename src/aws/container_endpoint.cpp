#include "src/aws/container_endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/system/files.hpp"

#include "src/aws/credential_json.hpp"
#include "src/aws/exchange.hpp"

namespace lookout::aws {
namespace {

constexpr std::chrono::milliseconds kContainerTimeout{2'000};
constexpr std::size_t kContainerBytesMax = 10'000;
constexpr std::size_t kTokenBytesMax = std::size_t{16} * 1024;
constexpr const char* kRelativeUri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* kFullUri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* kWhere = "container credentials";

constexpr std::array<std::string_view, 5> kTrustedHosts = {"localhost", "::1", "169.254.170.2",
                                                           "169.254.170.23", "fd00:ec2::23"};

Error invalid(const std::string& what) {
  return {ErrorCode::kInvalid, std::string(kWhere) + ": " + what};
}

// Names are not looked up: what they resolve to now is not what they are connected to later.
bool is_trusted_host(const std::string& host) {
  in_addr address{};
  if (::inet_pton(AF_INET, host.c_str(), &address) == 1 && host.starts_with("127.")) return true;
  return std::find(kTrustedHosts.begin(), kTrustedHosts.end(), host) != kTrustedHosts.end();
}

Result<http::Url> full_url(const std::string& text) {
  auto url = http::parse_url(text);
  if (!url) return invalid(std::string(kFullUri) + ": " + url.error().message);
  const bool allowed =
      url->scheme == "https" || (url->scheme == "http" && is_trusted_host(url->host));
  if (!allowed) {
    return invalid(std::string(kFullUri) + ": host " + quote_bounded(url->host) +
                   " is neither loopback nor a container endpoint, and it is not https");
  }
  if (!url->userinfo.empty()) return invalid(std::string(kFullUri) + " holds credentials");
  return url;
}

// "" when there is none.
Result<std::string> authorization_token(const Environment& environment) {
  const std::string path = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  std::string token = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (!path.empty()) {
    auto content = system::read_file(path, kTokenBytesMax);
    if (!content) return invalid("token: " + content.error().message);
    if (content->empty()) return invalid("token: " + quote_bounded(path) + " is empty");
    token = std::move(content).value();
  }
  const bool control =
      std::any_of(token.begin(), token.end(), [](char c) { return c < ' ' || c == '\x7f'; });
  if (control) return invalid("the token holds a line break or another control character");
  return token;
}

ErrorCode refusal_code(int status) {
  const auto cause = retry_cause(status, "");
  if (cause == RetryCause::kThrottled) return ErrorCode::kThrottled;
  if (status == 401) return ErrorCode::kUnauthorized;
  return status >= 400 && status < 500 ? ErrorCode::kForbidden : ErrorCode::kUnavailable;
}

}  // namespace

bool has_container_endpoint(const Environment& environment) {
  return !variable(environment, kRelativeUri).empty() || !variable(environment, kFullUri).empty();
}

Result<http::Url> container_url(const Environment& environment) {
  const std::string relative = variable(environment, kRelativeUri);
  if (relative.empty()) return full_url(variable(environment, kFullUri));
  // "@host/" would make the address a user name.
  if (!relative.starts_with('/')) {
    return invalid(std::string(kRelativeUri) + " does not begin with \"/\"");
  }
  auto url = http::parse_url("http://169.254.170.2" + relative);
  if (!url) return invalid(std::string(kRelativeUri) + ": " + url.error().message);
  return url;
}

Result<Credentials> container_credentials(const SourceContext& context) {
  const auto url = container_url(context.environment);
  if (!url) return url.error();
  auto token = authorization_token(context.environment);
  if (!token) return token.error();

  Exchange call;
  call.peer.origin = *url;
  call.request.target = url->path + (url->query.empty() ? "" : "?" + url->query);
  call.request.headers.add("Accept", "application/json");
  if (!token->empty()) call.request.headers.add("Authorization", std::move(token).value());
  call.request.header_timeout = kContainerTimeout;
  call.request.idle_timeout = kContainerTimeout;
  call.body_bytes_max = kContainerBytesMax;
  call.judge = [](const Answer& answer, int) { return retry_cause(answer.status, ""); };

  const Result<Answer> answer = exchange(context, call);
  if (!answer) return named(kWhere, answer.error());
  if (answer->status != 200) {
    return Error{refusal_code(answer->status),
                 std::string(kWhere) + ": status " + std::to_string(answer->status)};
  }
  auto credentials = parse_credential_json(answer->body, CredentialDialect::kEndpoint);
  if (credentials) return credentials;
  const bool forbidden = credentials.error().code == ErrorCode::kForbidden;
  return Error{forbidden ? ErrorCode::kForbidden : ErrorCode::kUnavailable,
               std::string(kWhere) + ": the answer: " + credentials.error().message};
}

}  // namespace lookout::aws
