// Columns for a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lookout::cli {

// Control characters (a hostile chart name could hold escape sequences) become '?'.
std::string printable(std::string_view text);

// Left-aligned columns three spaces apart, a line each row; the first row is the header.
std::string render_table(const std::vector<std::vector<std::string>>& rows);

// To standard output; false, with a line on standard error, when it did not all arrive.
bool print(std::string_view text);

}  // namespace lookout::cli
