// What is said to a proxy before the origin is spoken to.
//   http, https: CONNECT (RFC 9110 section 9.3.6), Basic credentials (RFC 7617)
//   socks5, socks5h: RFC 1928, user and password by RFC 1929. Names are always the proxy's to
//   resolve, as with Go's net/http.
#pragma once

#include <string>

#include "lookout/http/transport.hpp"

#include "src/http/beast_wire.hpp"

namespace lookout::http {

struct Proxy {
  Url url;
  std::string user;
  std::string password;

  bool is_socks() const { return url.scheme.starts_with("socks5"); }
  bool has_credentials() const { return !url.userinfo.empty(); }
  std::string basic_authorization() const;  // value of Proxy-Authorization
};

// kInvalid: an unknown scheme, a bad escape in the user, a name that socks5 has no room for.
Result<Proxy> create_proxy(Url url, const Url& origin);

// After success the wire's bytes are the origin's. Errors as Wire's, without a phase.
Result<void> open_tunnel(Wire& wire, const Proxy& proxy, const Url& origin,
                         const Patience& patience);

}  // namespace lookout::http
