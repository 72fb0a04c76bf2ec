#include "src/repository/secret_value.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"
#include "lookout/system/files.hpp"

namespace lookout::repository {
namespace {

constexpr std::size_t kPemBytesMax = 1U << 20;

// What we and the transport write; a second one would change what the message means.
constexpr std::array<std::string_view, 9> kOwnHeaders = {
    "host", "connection", "content-length", "transfer-encoding", "upgrade",
    "te",   "trailer",    "user-agent",     "accept-encoding"};

Error invalid(std::string message) {
  return {ErrorCode::kInvalid, std::move(message)};
}

// Where a value comes from, for messages.
std::string place(const Secret& secret) {
  if (!secret.environment.empty()) return "variable " + quote_bounded(secret.environment);
  if (!secret.file.empty()) return "file " + quote_bounded(secret.file, 256);
  return "value";
}

Result<std::string> read_text(const Secret& secret, const aws::Environment& environment,
                              std::size_t bytes_max) {
  if (!secret.environment.empty()) {
    const auto found = environment.find(secret.environment);
    if (found == environment.end()) return invalid(place(secret) + " is not set");
    return found->second;
  }
  if (secret.file.empty()) return secret.value;
  Result<std::string> content = system::read_file(secret.file, bytes_max);
  if (!content.ok()) return invalid(content.error().message);
  return content;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

// RFC 9110 token.
bool is_token(std::string_view text) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

Result<void> check_header_name(std::string_view name) {
  if (!is_token(name)) return invalid("no header name: " + quote_bounded(name));
  const bool reserved =
      std::find(kOwnHeaders.begin(), kOwnHeaders.end(), to_lower(name)) != kOwnHeaders.end();
  if (reserved) return invalid("header " + quote_bounded(name) + " cannot be set");
  return {};
}

}  // namespace

Result<std::string> read_secret(const Secret& secret, const aws::Environment& environment) {
  Result<std::string> text = read_text(secret, environment, kSecretBytesMax);
  if (!text.ok()) return text;
  const std::string_view trimmed = trim(*text);
  if (trimmed.size() > kSecretBytesMax) return invalid(place(secret) + " is too large");
  if (has_control(trimmed)) return invalid(place(secret) + " holds more than one line");
  // An empty file is a Secret that is still being mounted, not a request without credentials.
  if (trimmed.empty() && secret.given()) return invalid(place(secret) + " is empty");
  return std::string(trimmed);
}

Result<http::TlsOptions> read_tls(const TlsSettings& settings,
                                  const aws::Environment& environment) {
  http::TlsOptions options;
  options.insecure_skip_verify = settings.insecure_skip_verify;
  options.server_name = settings.server_name;
  const std::array<std::pair<const Secret*, std::string*>, 3> texts = {
      {{&settings.ca, &options.ca_pem},
       {&settings.cert, &options.cert_pem},
       {&settings.key, &options.key_pem}}};
  for (const auto& [secret, target] : texts) {
    Result<std::string> text = read_text(*secret, environment, kPemBytesMax);
    if (!text.ok()) return text.error();
    if (secret->given() && trim(*text).empty()) return invalid(place(*secret) + " is empty");
    *target = std::move(*text);
  }
  return options;
}

Result<std::string> read_authorization(const HttpAuth& auth, const aws::Environment& environment) {
  Result<std::string> token = read_secret(auth.bearer_token, environment);
  if (!token.ok()) return token;
  if (!token->empty()) return "Bearer " + *token;
  Result<std::string> username = read_secret(auth.username, environment);
  if (!username.ok()) return username;
  Result<std::string> password = read_secret(auth.password, environment);
  if (!password.ok()) return password;
  if (username->empty() && password->empty()) return std::string();
  return "Basic " + encoding::base64_encode(*username + ":" + *password);
}

Result<http::Headers> read_auth_headers(const HttpAuth& auth, const aws::Environment& environment) {
  http::Headers headers;
  Result<std::string> authorization = read_authorization(auth, environment);
  if (!authorization.ok()) return authorization.error();
  if (!authorization->empty()) headers.add("Authorization", std::move(*authorization));
  for (const auto& [name, secret] : auth.headers) {
    if (const Result<void> checked = check_header_name(name); !checked) return checked.error();
    Result<std::string> value = read_secret(secret, environment);
    if (!value.ok()) return value.error();
    headers.add(name, std::move(*value));
  }
  return headers;
}

}  // namespace lookout::repository
