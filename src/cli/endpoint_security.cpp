#include "src/cli/endpoint_security.hpp"

#include <utility>

#include "lookout/base/check.hpp"
#include "lookout/base/log.hpp"

namespace lookout::cli {

Result<std::unique_ptr<EndpointSecurity>> EndpointSecurity::create(const Settings& settings,
                                                                   kube::ApiClient* client,
                                                                   const Clock& clock) {
  std::unique_ptr<EndpointSecurity> out(new EndpointSecurity());
  if (!settings.tls_cert_file.empty()) {
    out->tls_.emplace();
    out->tls_->certificate_file = settings.tls_cert_file;
    out->tls_->private_key_file = settings.tls_private_key_file;
    out->tls_->client_ca_file = settings.client_ca_file;
  }
  if (!settings.auth_token_file.empty()) {
    auto opened = TokenFile::open(settings.auth_token_file);
    if (!opened) return opened.error();
    out->token_file_ = std::move(*opened);
  }
  if (settings.auth_filter) {
    LOOKOUT_CHECK(client != nullptr);
    out->reviewer_.emplace(*client, settings.auth_audiences, clock);
  }
  if (out->token_file_ || out->reviewer_ || !settings.client_ca_file.empty()) {
    out->authenticate(settings, clock);
  }
  return out;
}

void EndpointSecurity::authenticate(const Settings& settings, const Clock& clock) {
  web::AuthenticationSources sources;
  if (token_file_) {
    sources.knows_token = [this](std::string_view token) { return token_file_->contains(token); };
  }
  if (reviewer_) {
    sources.reviews.token = [this](const std::string& token, std::stop_token stop) {
      return reviewer_->review_token(token, std::move(stop));
    };
    sources.reviews.access = [this](const kube::UserInfo& user, const kube::PathAccess& access,
                                    std::stop_token stop) {
      return reviewer_->review_access(user, access, std::move(stop));
    };
  }
  authentication_.emplace(std::move(sources), clock);
  if (settings.tls_cert_file.empty()) {
    log::warn("bearer tokens are accepted without TLS: whoever sees the traffic can use them");
  }
}

http::ServerOptions EndpointSecurity::server_options() {
  http::ServerOptions options;
  options.tls = tls_;
  if (authentication_) options.gate = authentication_->gate();
  return options;
}

void EndpointSecurity::poll() {
  if (token_file_) token_file_->poll();
}

void EndpointSecurity::stop() {
  if (authentication_) authentication_->stop();
}

const metrics::AuthStats* EndpointSecurity::auth_stats() const {
  return authentication_ ? &authentication_->stats() : nullptr;
}

const metrics::TokenFileStats* EndpointSecurity::token_file_stats() const {
  return token_file_ ? &token_file_->stats() : nullptr;
}

}  // namespace lookout::cli
