// The Boost.Beast backend of Transport: peers that may be hostile (chart repositories,
// registries, STS, metadata services), and clusters that need what cpprestsdk cannot do
// (IPv6 literals, socks5 and https proxies, tls-server-name).
//
// Bounded where cpprestsdk is not: BeastLimits::header_bytes_max for a response's header, pieces of
// at most 128 KiB whatever the peer's chunks are. Connecting, TLS and the header share
// Request::header_timeout, connecting alone ends after connect_timeout and the TLS
// handshake after tls_timeout. Redirects are never followed.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "lookout/http/transport.hpp"

namespace lookout::http {

struct BeastLimits {
  std::size_t header_bytes_max = 64U << 10;
  std::size_t idle_connections_max = 4;  // kept open an origin
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds tls_timeout{10'000};
};

// kInvalid: PEM text that OpenSSL refuses, a proxy scheme other than http, https, socks5(h).
Result<std::unique_ptr<Transport>> create_beast_transport(TransportOptions options);
Result<std::unique_ptr<Transport>> create_beast_transport(TransportOptions options,
                                                          const BeastLimits& limits);

}  // namespace lookout::http
