// The text of a bind address, split. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"

namespace lookout::http {

struct ListenAddress {
  std::string host;  // an IP address without brackets; "" means all of IPv6 and IPv4
  std::uint16_t port = 0;

  bool operator==(const ListenAddress&) const = default;
};

// "HOST:PORT", "[V6]:PORT", ":PORT"; "localhost" becomes 127.0.0.1. Names are not
// resolved: a start must not wait for DNS. kInvalid, quoting the text.
Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace lookout::http
