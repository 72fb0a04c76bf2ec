// A label value as both text formats write it: UTF-8, with \\ \" \n escaped.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lookout::metrics {

enum class LabelCut { kNone, kCut };

// Appends `value` without quotes. Bytes that are no UTF-8 become U+FFFD each; what goes
// beyond `bytes_max` (counted before escaping) is cut between two characters.
LabelCut append_label_value(std::string& out, std::string_view value, std::size_t bytes_max);

}  // namespace lookout::metrics
