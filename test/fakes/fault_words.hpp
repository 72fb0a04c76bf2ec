// A line of a fault script as words: NAME or NAME=VALUE, with white space between them. A value
// may stand in double quotes, in which \n, \r, \t, \" and \\ are what they are in C.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"

namespace lookout::fakes {

struct FaultWord {
  std::string name;
  std::optional<std::string> value;  // nullopt: no '='
};

// kInvalid for a quote that is not closed, or something between a closing quote and the next word.
Result<std::vector<FaultWord>> split_fault_words(std::string_view line);

}  // namespace lookout::fakes
