#include "src/http/beast_route.hpp"

#include <algorithm>
#include <utility>

#include "src/http/beast_tls.hpp"
#include "src/http/lookup.hpp"

namespace lookout::http {
namespace {

Patience at_most(std::chrono::milliseconds duration, const Patience& patience) {
  return {std::min(SystemClock().now() + duration, patience.deadline), patience.stop};
}

// A proxy is trusted like the origin, as by Go; who we are is the origin's to know.
TlsOptions proxy_options(const TlsOptions& origin) {
  TlsOptions options;
  options.ca_pem = origin.ca_pem;
  options.insecure_skip_verify = origin.insecure_skip_verify;
  return options;
}

}  // namespace

Error in_phase(std::string_view reached, Error error) {
  const bool tells = error.code == ErrorCode::kCancelled ||
                     (error.message.starts_with(phase::kTls) && reached != phase::kProxy);
  if (!tells) error.message.insert(0, reached);
  return error;
}

Route::Route(const TransportOptions& options, const BeastLimits& limits)
    : origin_(options.origin), limits_(limits) {}

Result<Route> Route::create(const TransportOptions& options, const BeastLimits& limits) {
  Route route(options, limits);
  const std::string& scheme = options.origin.scheme;
  if (scheme != "http" && scheme != "https") {
    return Error{ErrorCode::kInvalid, "server: its scheme is neither http nor https"};
  }
  if (scheme == "https") {
    auto tls = TlsPeer::create(options.tls, options.origin.host);
    if (!tls) return tls.error();
    route.tls_ = std::move(*tls);
  }
  if (!options.proxy) return route;
  auto proxy = create_proxy(*options.proxy, options.origin);
  if (!proxy) return proxy.error();
  route.proxy_ = std::move(*proxy);
  if (options.proxy->scheme != "https") return route;
  auto tls = TlsPeer::create(proxy_options(options.tls), options.proxy->host);
  if (!tls) return tls.error();
  route.proxy_tls_ = std::move(*tls);
  return route;
}

const Proxy* Route::forwarder() const {
  return proxy_ && !proxy_->is_socks() && !tls_ ? &*proxy_ : nullptr;
}

Result<std::unique_ptr<Wire>> Route::open(const Patience& patience) const {
  auto wire = proxy_ ? open_to_proxy(patience) : connect(origin_, patience);
  if (!wire) return proxy_ ? in_phase(phase::kProxy, wire.error()) : wire.error();
  if (!tls_) return wire;
  if (auto secured = secure(**wire, *tls_, patience); !secured) return secured.error();
  return wire;
}

Result<std::unique_ptr<Wire>> Route::open_to_proxy(const Patience& patience) const {
  auto wire = connect(proxy_->url, patience);
  if (!wire) return wire;
  if (proxy_tls_) {
    if (auto secured = secure(**wire, *proxy_tls_, patience); !secured) return secured.error();
  }
  if (forwarder() != nullptr) return wire;
  // While we wait for the proxy it connects.
  const Patience connecting = at_most(limits_.connect_timeout, patience);
  auto opened = open_tunnel(**wire, *proxy_, origin_, connecting);
  if (!opened) return opened.error();
  return wire;
}

Result<std::unique_ptr<Wire>> Route::connect(const Url& peer, const Patience& patience) const {
  const Patience connecting = at_most(limits_.connect_timeout, patience);
  const auto addresses = look_up(peer, connecting.deadline, patience.stop);
  if (!addresses) return in_phase(phase::kResolve, addresses.error());
  auto wire = Wire::create();
  if (!wire) return in_phase(phase::kConnect, wire.error());
  Result<void> connected;
  for (std::size_t i = 0; i < addresses->size(); ++i) {
    // Each address gets its share, or one that swallows packets would use up all the time.
    const MonoTime now = SystemClock().now();
    const auto share = (connecting.deadline - now) / static_cast<long>(addresses->size() - i);
    connected = (*wire)->connect((*addresses)[i], {now + share, patience.stop});
    if (connected) return wire;
    if (connected.error().code == ErrorCode::kCancelled) break;
  }
  return in_phase(phase::kConnect, connected.error());
}

Result<void> Route::secure(Wire& wire, TlsPeer& peer, const Patience& patience) const {
  auto secured = wire.start_tls(peer, at_most(limits_.tls_timeout, patience));
  return secured ? secured : in_phase(phase::kTls, secured.error());
}

}  // namespace lookout::http
