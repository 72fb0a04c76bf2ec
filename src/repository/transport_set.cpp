#include "src/repository/transport_set.hpp"

#include <algorithm>
#include <utility>

#include "src/repository/secret_value.hpp"

namespace lookout::repository {
namespace {

http::Url origin_of(const http::Url& url) {
  return {.scheme = url.scheme,
          .userinfo = "",
          .host = url.host,
          .port = url.port,
          .path = "/",
          .query = ""};
}

}  // namespace

TransportSet::TransportSet(const RepositorySettings& settings, const ScanContext& context)
    : settings_(settings), context_(context) {}

Result<void> TransportSet::refresh() {
  Result<http::TlsOptions> tls = read_tls(settings_.tls, context_.environment);
  if (!tls.ok()) return tls.error();
  if (*tls == tls_) return {};
  entries_.clear();
  tls_ = std::move(*tls);
  return {};
}

Result<http::Transport*> TransportSet::open(const http::Url& url, NamedBy named_by) {
  const std::string origin = url.origin();
  const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.origin == origin && entry.named_by == named_by;
  });
  if (known != entries_.end()) return known->transport.get();

  Result<std::optional<http::Url>> proxy =
      choose_proxy(settings_.proxy_url, url, context_.environment);
  if (!proxy.ok()) return proxy.error();
  http::TlsOptions tls = tls_;
  if (named_by == NamedBy::kServer) {
    tls.cert_pem.clear();
    tls.key_pem.clear();
    tls.server_name.clear();
  }
  Result<std::unique_ptr<http::Transport>> made =
      context_.create_transport({origin_of(url), std::move(tls), std::move(*proxy)});
  if (!made.ok()) return made.error();
  if (entries_.size() == kTransportsMax) entries_.pop_front();
  entries_.push_back({origin, named_by, std::move(*made)});
  return entries_.back().transport.get();
}

Result<std::optional<http::Url>> choose_proxy(const std::string& proxy_url, const http::Url& origin,
                                              const aws::Environment& environment) {
  if (!proxy_url.empty()) {
    Result<http::Url> url = http::parse_url(proxy_url);
    if (!url.ok()) return Error{ErrorCode::kInvalid, "the proxy of the settings is no URL"};
    return std::optional<http::Url>(std::move(*url));
  }
  Result<std::optional<http::Url>> proxy =
      http::proxy_for(origin, http::proxy_environment(environment));
  if (!proxy.ok()) {
    return Error{ErrorCode::kInvalid, "HTTP_PROXY or HTTPS_PROXY of the environment is no URL"};
  }
  return proxy;
}

}  // namespace lookout::repository
