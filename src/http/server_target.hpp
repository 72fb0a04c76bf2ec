// A request target (RFC 9112 section 3.2) → the path and query that handlers see.
// Pure: no sockets, no Boost.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"

namespace lookout::http {

inline constexpr std::size_t kTargetBytesMax = std::size_t{4} * 1024;

struct Target {
  std::string path;   // percent-decoded, begins with '/', no "." or ".." segment, no controls
  std::string query;  // as sent, without '?'

  bool operator==(const Target&) const = default;
};

// Origin form and absolute form (whose scheme and authority are dropped). kTooLarge
// over kTargetBytesMax; kMalformed for anything else, traversal and NUL included.
Result<Target> parse_target(std::string_view text);

}  // namespace lookout::http
