// An input of release_fuzz as a payload: its first byte says how the rest is packed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/gzip.hpp"

namespace lookout {

// REQUIRES: !input.empty()
inline std::string packed_payload(std::string_view input) {
  using namespace encoding;
  const auto how = static_cast<std::uint8_t>(input.front());
  const std::string_view rest = input.substr(1);
  switch (how % 4) {
    case 0: return std::string(rest);                    // base64 as it comes
    case 1: return base64_encode(rest);                  // gzip or JSON as it comes
    case 2: return base64_encode(gzip(rest, how % 10));  // JSON
    default:
      return base64_encode(gzip(rest.substr(0, how)) +
                           gzip(rest.substr(std::min<std::size_t>(how, rest.size()))));
  }
}

}  // namespace lookout
