#include "src/repository/oci_token.hpp"

#include <algorithm>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"

#include "src/repository/walk_json.hpp"

namespace lookout::repository {
namespace {

constexpr std::string_view kClientId = "helm-lookout";

// Of a query or a form.
class Form {
 public:
  explicit Form(std::string text) : text_(std::move(text)) {}

  void add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_.append(name).append("=").append(http::percent_encode(value));
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kTokenBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::chrono::seconds lifetime_of(const JsonValue& value) {
  const auto* const seconds = std::get_if<std::int64_t>(&value);
  if (seconds == nullptr || *seconds <= 0) return kTokenLifetimeDefault;
  return std::min(std::chrono::seconds(*seconds), kTokenLifetimeMax);
}

http::Request exchange_request(const TokenQuestion& question, const RegistryLogin& login) {
  Form form("");
  form.add("grant_type", "refresh_token");
  form.add("service", question.service);
  form.add("client_id", kClientId);
  form.add("scope", question.scope);
  form.add("refresh_token", login.identity_token);
  http::Request request;
  request.method = http::Method::kPost;
  request.target = question.realm.path;
  if (!question.realm.query.empty()) request.target += "?" + question.realm.query;
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.body = form.text();
  return request;
}

}  // namespace

http::Request token_request(const TokenQuestion& question, const RegistryLogin& login) {
  if (!login.identity_token.empty()) return exchange_request(question, login);
  Form query(question.realm.query);
  if (!question.service.empty()) query.add("service", question.service);
  for (const std::string_view scope : split(question.scope, ' ')) {
    if (!scope.empty()) query.add("scope", scope);
  }
  http::Request request;
  request.target = question.realm.path;
  if (!query.text().empty()) request.target += "?" + query.text();
  if (!login.username.empty() || !login.password.empty()) {
    request.headers.add("Authorization", basic_authorization(login));
  }
  return request;
}

Result<RegistryToken> parse_token(std::string_view json) {
  RegistryToken token;
  std::string access_token;
  const Result<void> walked = walk_json(json, [&](JsonPath path, const JsonValue& value) {
    if (path_is(path, {"token"})) token.value = text_of(value);
    if (path_is(path, {"access_token"})) access_token = text_of(value);
    if (path_is(path, {"expires_in"})) token.lifetime = lifetime_of(value);
  });
  if (!walked.ok()) return Error{ErrorCode::kMalformed, "token: not JSON"};
  if (token.value.empty()) token.value = std::move(access_token);
  if (!is_token(token.value)) return Error{ErrorCode::kMalformed, "token: none in the answer"};
  return token;
}

std::string basic_authorization(const RegistryLogin& login) {
  return "Basic " + encoding::base64_encode(login.username + ":" + login.password);
}

}  // namespace lookout::repository
