// RFC 3339 times.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/clock.hpp"

namespace lookout::encoding {

// Unix seconds (fraction dropped towards minus infinity) of
// "2024-03-01T10:11:12.123456789+01:00" or "...Z", by Go's rules for time.RFC3339Nano: a comma
// before the fraction, an hour of one digit and offsets up to 24:60 pass. nullopt for
// anything else.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);
// Of Unix seconds. What the clock's nanoseconds cannot hold becomes a moment more than two
// centuries away, with room for sums.
WallTime wall_time(std::int64_t unix_seconds);
// "2024-03-01T09:11:12Z"
std::string format_rfc3339(std::int64_t unix_seconds);

}  // namespace lookout::encoding
