// Absolute http, https, socks5 URLs, split (RFC 3986); no normalisation but case of the scheme and
// host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"

namespace lookout::http {

struct Url {
  std::string scheme;      // lower case
  std::string userinfo;    // percent-encoded as given; never logged
  std::string host;        // lower case; IPv6 literals without brackets
  std::uint16_t port = 0;  // explicit or the scheme's default (http 80, https 443, socks5 1080)
  std::string path;        // percent-encoded, begins with '/' (at least "/")
  std::string query;       // percent-encoded, without '?'

  bool operator==(const Url&) const = default;

  bool is_ipv6_literal() const { return host.find(':') != std::string::npos; }
  std::string host_and_port() const;  // "[::1]:443", "example.org:80"
  std::string origin() const;         // scheme://host:port
  std::string redacted() const;       // without userinfo and query: for logs and labels
};

// IPv4 or IPv6, without brackets.
bool is_ip_address(const std::string& host);

// kInvalid, naming what is wrong, never quoting userinfo.
Result<Url> parse_url(std::string_view text);

// Percent-encodes everything but RFC 3986 unreserved characters.
std::string percent_encode(std::string_view text);
// kMalformed on a bad escape.
Result<std::string> percent_decode(std::string_view text);

}  // namespace lookout::http
