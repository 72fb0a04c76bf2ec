// Text from anywhere → text that is safe inside an HTML element or a quoted attribute.
#pragma once

#include <string>
#include <string_view>

namespace lookout::web {

// Escapes & < > " '. Bytes that are no UTF-8, control characters other than tab and
// line feed, and characters that reorder text on screen (bidi controls, which make
// a name read as another) become U+FFFD.
std::string html_escape(std::string_view text);

}  // namespace lookout::web
