// The Boost.Beast backend of Transport: peers that may be hostile (chart repositories,
// registries, STS, metadata services), and clusters that need what cpprestsdk cannot do
// (IPv6 literals, socks5 and https proxies, tls-server-name); and what is much of any cluster.
//
// Bounded where cpprestsdk is not: BeastLimits::header_bytes_max for a response's header, pieces of
// at most 128 KiB whatever the peer's chunks are. All phases up to the end of the header share
// Request::header_timeout; resolving and connecting, and what is said to a proxy, each end
// after connect_timeout, the TLS handshake after tls_timeout. Redirects are never followed.
//
// Sinks run on the thread that called send(), so one that takes long holds back its own peer
// alone. Idle connections are used for 15 s; GET and HEAD use them, and go out once more on
// a connection of their own when an idle one turns out to be dead.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "lookout/http/transport.hpp"

namespace lookout::http {

struct BeastLimits {
  std::size_t header_bytes_max = 64U << 10;
  std::size_t idle_connections_max = 4;  // kept open a transport; at most 64 in the process
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds tls_timeout{10'000};
};

// kInvalid: PEM text that OpenSSL refuses, a server that is neither http nor https, a proxy
// whose user cannot be decoded or is too long for socks5.
Result<std::unique_ptr<Transport>> create_beast_transport(TransportOptions options);
Result<std::unique_ptr<Transport>> create_beast_transport(TransportOptions options,
                                                          const BeastLimits& limits);

// Closes what has been idle for longer, which send() does too. To be called now and then.
void close_idle_connections();

}  // namespace lookout::http
