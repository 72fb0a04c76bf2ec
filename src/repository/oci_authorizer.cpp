#include "src/repository/oci_authorizer.hpp"

#include <algorithm>
#include <chrono>

#include "src/repository/answer.hpp"
#include "src/repository/index_request.hpp"
#include "src/repository/peer_guard.hpp"
#include "src/repository/scan_failure.hpp"

namespace lookout::repository {
namespace {

// A token that expires on its way is a refusal for nothing.
constexpr std::chrono::seconds kTokenMargin{5};

Failed refused(const http::ResponseHead& head, const http::Url& url, std::string_view hint) {
  return {status_failure(head, url, "", hint)};
}

Failed bad_realm(const http::Url& url, const std::string& why) {
  return {ScanError{.type = ScanErrorType::kRedirect,
                    .message = shown_url(url) + ": its token service: " + why,
                    .retry_after = std::nullopt}};
}

// Where `login` may be shown; the realm is the registry's word, which may be a lie.
Result<void> check_realm(const http::Url& registry, const http::Url& realm,
                         const RegistryLogin& login) {
  if (const Result<void> checked = check_peer(registry, realm); !checked) return checked;
  const bool near = realm.host == registry.host || is_loopback_host(realm.host);
  if (login.anonymous() || realm.scheme == "https" || near) return {};
  return Error{ErrorCode::kForbidden, "credentials are not sent to another host without TLS"};
}

std::string default_scope(const OciPurpose& purpose) {
  return "repository:" + purpose.repository + ":pull";
}

}  // namespace

OciAuthorizer::OciAuthorizer(const OciSource& source, const ScanContext& context,
                             TransportSet& transports)
    : source_(source), context_(context), transports_(transports) {}

std::string OciAuthorizer::authorization(const OciPurpose& purpose) const {
  if (!fixed_.empty()) return fixed_;
  const auto learnt = scopes_.find(purpose);
  const auto token =
      tokens_.find(learnt == scopes_.end() ? default_scope(purpose) : learnt->second);
  if (token == tokens_.end() || context_.clock.now() >= token->second.expires_at) return "";
  return "Bearer " + token->second.value;
}

std::optional<Failed> OciAuthorizer::renew(const http::Url& url, const http::ResponseHead& refusal,
                                           const OciPurpose& purpose, std::stop_token stop) {
  if (!login_) {
    Result<RegistryLogin> login = read_registry_login(source_, context_.environment, stop);
    if (!login.ok()) return Failed{settings_failure(login.error())};
    login_ = std::move(*login);
  }
  if (!login_->registry_token.empty()) {
    return use_fixed("Bearer " + login_->registry_token, url, refusal);
  }
  const std::optional<Challenge> challenge = choose_challenge(challenges_of(refusal.headers));
  if (!challenge) return refused(refusal, url, "it asks for neither Basic nor Bearer");
  if (challenge->scheme == "bearer") return fetch_token(url, *challenge, purpose, std::move(stop));
  if (login_->username.empty()) return refused(refusal, url, "no credentials for this registry");
  return use_fixed(basic_authorization(*login_), url, refusal);
}

std::optional<Failed> OciAuthorizer::use_fixed(std::string value, const http::Url& url,
                                               const http::ResponseHead& refusal) {
  if (value == fixed_) return refused(refusal, url, "the credentials are refused");
  fixed_ = std::move(value);
  return std::nullopt;
}

std::optional<Failed> OciAuthorizer::fetch_token(const http::Url& url, const Challenge& challenge,
                                                 const OciPurpose& purpose, std::stop_token stop) {
  const Result<http::Url> realm = http::parse_url(challenge.parameter("realm"));
  if (!realm.ok()) return bad_realm(url, realm.error().message);
  if (const Result<void> checked = check_realm(url, *realm, *login_); !checked) {
    return bad_realm(url, checked.error().message);
  }
  TokenQuestion question{*realm, std::string(challenge.parameter("service")),
                         std::string(challenge.parameter("scope"))};
  if (question.scope.empty()) question.scope = default_scope(purpose);
  Fetched<RegistryToken> answered = ask_for_token(url, question, std::move(stop));
  if (auto* const failed = std::get_if<Failed>(&answered)) return std::move(*failed);
  RegistryToken& token = std::get<RegistryToken>(answered);
  if (tokens_.size() == kTokensMax) tokens_.clear();
  if (scopes_.size() == kTokensMax) scopes_.clear();
  fixed_.clear();
  const auto lifetime = std::max(token.lifetime - kTokenMargin, token.lifetime / 2);
  tokens_[question.scope] = {std::move(token.value), context_.clock.now() + lifetime};
  scopes_[purpose] = std::move(question.scope);
  return std::nullopt;
}

Fetched<RegistryToken> OciAuthorizer::ask_for_token(const http::Url& url,
                                                    const TokenQuestion& question,
                                                    std::stop_token stop) {
  const NamedBy named_by = same_origin(url, question.realm) ? NamedBy::kSettings : NamedBy::kServer;
  const Result<http::Transport*> transport = transports_.open(question.realm, named_by);
  if (!transport.ok()) return Failed{settings_failure(transport.error())};
  const Result<Answer> answer =
      ask(**transport, token_request(question, *login_), kTokenAnswerBytesMax, std::move(stop));
  if (!answer.ok()) return Failed{transport_failure(answer.error(), shown_url(question.realm))};
  if (answer->head.status != 200) {
    const bool unknown = login_->anonymous() && answer->head.status == 401;
    return refused(answer->head, question.realm, unknown ? "no credentials for this registry" : "");
  }
  Result<RegistryToken> token = parse_token(answer->body);
  if (token.ok()) return std::move(*token);
  return Failed{transport_failure(token.error(), shown_url(question.realm))};
}

}  // namespace lookout::repository
