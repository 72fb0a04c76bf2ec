// A client's side of SOCKS 5 (RFC 1928; user and password RFC 1929): one CONNECT.
#pragma once

#include "src/http/beast_proxy.hpp"

namespace lookout::http {

// Lengths are one byte on the wire.
inline constexpr std::size_t kSocksTextMax = 255;

// REQUIRES: user, password and host of at most kSocksTextMax bytes.
Result<void> socks_connect(Wire& wire, const Proxy& proxy, const Url& origin,
                           const Patience& patience);

}  // namespace lookout::http
