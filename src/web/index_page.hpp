// The page at /: the endpoints, as relative links, and whether the program is ready.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lookout/web/health.hpp"

namespace lookout::web {

struct Endpoint {
  std::string path;   // begins with '/'
  std::string about;  // one line; empty: not listed
};

std::string index_page(std::string_view version, const HealthReport& readiness,
                       const std::vector<Endpoint>& endpoints);

// Relative to /, safe whatever the path holds: "/a b:c/d" → "./a%20b%3Ac/d".
std::string relative_link(std::string_view path);

}  // namespace lookout::web
