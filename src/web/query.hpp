// The query of a request target, as forms write it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/base/result.hpp"

namespace lookout::web {

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// kMalformed on a bad percent-escape. "+" is a space; a name without "=" has the value "".
Result<QueryParameters> parse_query(std::string_view query);

// Of the first parameter of that name.
std::optional<std::string> find_parameter(const QueryParameters& parameters, std::string_view name);

}  // namespace lookout::web
