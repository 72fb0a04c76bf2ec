// A command line as words, by the quoting rules of POSIX shells and nothing else of them: no
// variables, globs or operators (Python's shlex.split, which botocore uses). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"

namespace lookout::aws {

// kInvalid: a quotation without its end, a backslash at the end.
Result<std::vector<std::string>> split_command_line(std::string_view text);

}  // namespace lookout::aws
