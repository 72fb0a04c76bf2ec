// The Date header: RFC 9110, section 5.6.7, IMF-fixdate, the one form that is still written.
#pragma once

#include <optional>
#include <string_view>

#include "lookout/base/clock.hpp"

namespace lookout::repository {

// "Sun, 06 Nov 1994 08:49:37 GMT"; nullopt for anything else.
std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace lookout::repository
