// JSON text, the writing half.
#pragma once

#include <string>
#include <string_view>

namespace lookout::fakes {

// In double quotes, escaped as Go's encoding/json does: also < > & as \u003c and so on.
void append_quoted(std::string& out, std::string_view text);
std::string quoted(std::string_view text);

// Compact JSON over several lines, as `?pretty` and curl get it from the API server.
std::string pretty_json(std::string_view compact);

}  // namespace lookout::fakes
