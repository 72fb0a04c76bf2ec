// How a transport reaches its origin: names, proxy, TLS; and one wire along it.
#pragma once

#include <memory>
#include <optional>

#include "lookout/http/beast_transport.hpp"

#include "src/http/beast_proxy.hpp"
#include "src/http/beast_wire.hpp"

namespace lookout::http {

class Route {
 public:
  // kInvalid: see create_beast_transport().
  static Result<Route> create(const TransportOptions& options, const BeastLimits& limits);

  // Ready for the first request. Blocks; thread-safe. Errors with their phase.
  Result<std::unique_ptr<Wire>> open(const Patience& patience) const;

  // The proxy that is asked for whole URLs; nullptr: the origin is spoken to.
  const Proxy* forwarder() const;
  const Url& origin() const { return origin_; }

 private:
  Route(const TransportOptions& options, const BeastLimits& limits);
  Result<std::unique_ptr<Wire>> open_to_proxy(const Patience& patience) const;
  Result<std::unique_ptr<Wire>> connect(const Url& peer, const Patience& patience) const;
  Result<void> secure(Wire& wire, TlsPeer& peer, const Patience& patience) const;

  Url origin_;
  BeastLimits limits_;
  std::optional<Proxy> proxy_;
  std::shared_ptr<TlsPeer> tls_;        // null for http
  std::shared_ptr<TlsPeer> proxy_tls_;  // null but for an https proxy
};

// `error` as it came about in `reached`. What happens to TLS stays "tls: " also after the
// handshake: with TLS 1.3 a client certificate is refused while the answer is awaited.
Error in_phase(std::string_view reached, Error error);

}  // namespace lookout::http
