#include <algorithm>

#include "lookout/base/text.hpp"

#include "src/cli/repository_settings_source.hpp"

namespace lookout::cli {
namespace {

constexpr std::size_t kHeadersMax = 16;

// RFC 9110 token.
bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

// Those that the request itself needs.
bool is_taken(std::string_view name) {
  constexpr std::string_view kTaken[] = {"host",
                                         "connection",
                                         "content-length",
                                         "te",
                                         "transfer-encoding",
                                         "upgrade",
                                         "accept-encoding",
                                         "if-none-match",
                                         "if-modified-since"};
  return std::any_of(std::begin(kTaken), std::end(kTaken),
                     [&](std::string_view taken) { return equals_ignoring_case(taken, name); });
}

bool is_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

void parse_header(SettingsSection& item, repository::HttpAuth& auth) {
  const std::string name = item.text("name");
  const repository::Secret value = item.secret("value");
  if (!is_header_name(name)) item.fail("name", "expected the name of an HTTP header");
  if (is_taken(name)) item.fail("name", name + " is not for settings to set");
  if (!value.given()) item.fail("", "give value, valueFile or valueEnv");
  if (!is_header_value(value.value)) item.fail("value", "expected one line");
  for (const auto& [other, unused] : auth.headers) {
    if (equals_ignoring_case(other, name)) item.fail("name", name + " is there twice");
  }
  auth.headers.emplace_back(name, value);
}

}  // namespace

repository::HttpAuth parse_http_auth(SettingsSection& auth) {
  repository::HttpAuth out;
  out.username = auth.secret("username");
  out.password = auth.secret("password");
  out.bearer_token = auth.secret("bearerToken");
  for (SettingsSection& item : auth.sections("headers", kHeadersMax)) {
    parse_header(item, out);
    auth.check(item);
  }
  if (out.password.given() && !out.username.given()) auth.fail("password", "needs a username");
  if (out.username.given() && out.bearer_token.given()) {
    auth.fail("", "give username and password, or bearerToken");
  }
  const bool authorized = out.username.given() || out.bearer_token.given();
  for (const auto& [name, unused] : out.headers) {
    if (authorized && equals_ignoring_case(name, "authorization")) {
      auth.fail("headers", "Authorization is set by username or bearerToken already");
    }
  }
  return out;
}

void parse_s3_auth(SettingsSection& auth, repository::S3Source& source) {
  using Auth = repository::S3Source::Auth;
  source.access_key_id = auth.secret("accessKeyId");
  source.secret_access_key = auth.secret("secretAccessKey");
  source.session_token = auth.secret("sessionToken");
  source.profile = auth.text("profile");
  source.role_arn = auth.text("roleArn");
  source.external_id = auth.text("externalId");
  source.session_name = auth.text("sessionName");
  const bool anonymous = auth.flag("anonymous");
  const bool keys = source.access_key_id.given() || source.secret_access_key.given() ||
                    source.session_token.given();
  source.auth = anonymous ? Auth::kAnonymous : keys ? Auth::kStatic : Auth::kDefaultChain;
  if (keys && !(source.access_key_id.given() && source.secret_access_key.given())) {
    auth.fail("", "accessKeyId and secretAccessKey belong together");
  }
  if (keys && !source.profile.empty()) auth.fail("", "give access keys or a profile");
  if (anonymous && (keys || !source.profile.empty() || !source.role_arn.empty())) {
    auth.fail("anonymous", "goes with no credentials");
  }
  if (!source.role_arn.empty() && !source.role_arn.starts_with("arn:")) {
    auth.fail("roleArn", "expected arn:..., got " + quote_bounded(source.role_arn));
  }
  if (source.role_arn.empty() && !(source.external_id.empty() && source.session_name.empty())) {
    auth.fail("", "externalId and sessionName need a roleArn");
  }
}

}  // namespace lookout::cli
