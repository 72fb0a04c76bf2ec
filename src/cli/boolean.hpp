// Booleans in settings, as Go's strconv.ParseBool reads them.
#pragma once

#include <optional>
#include <string_view>

namespace lookout::cli {

// 1, t, T, true, True, TRUE and their opposites; nullopt for anything else.
inline std::optional<bool> parse_boolean(std::string_view text) {
  for (const std::string_view word : {"1", "t", "T", "true", "True", "TRUE"}) {
    if (text == word) return true;
  }
  for (const std::string_view word : {"0", "f", "F", "false", "False", "FALSE"}) {
    if (text == word) return false;
  }
  return std::nullopt;
}

}  // namespace lookout::cli
