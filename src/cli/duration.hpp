// Durations in settings, as Go writes them: "5m", "1h30m", "500ms", "0".
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace lookout::cli {

// Units h, m, s and ms, whole numbers, each unit once and in this order; "0" needs none.
// nullopt for anything else (a sign, a fraction, 1,000 hours and more).
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace lookout::cli
