// Style sheet and script of the pages: resources of their own, so that the content security policy
// forbids everything inline.
#pragma once

#include <string_view>

namespace lookout::web {

std::string_view style_sheet();
// Filters and sorts the tables of /charts; the page is whole without it.
std::string_view charts_script();

}  // namespace lookout::web
