// Texts of the oracles' sheets, as Go's url.PathEscape writes them.
#pragma once

#include <string>
#include <string_view>

namespace lookout::helm {

// "%" alone is the empty text.
std::string percent_decoded(std::string_view text);
std::string percent_encoded(std::string_view text);

}  // namespace lookout::helm
