// `releases -o json`: an array of objects, keys in a fixed order.
#pragma once

#include <string>
#include <vector>

#include "lookout/state/release.hpp"

namespace lookout::cli {

// [{"namespace","name","revision","status","chart","chart_version","app_version","updated",
//   "undecodable"?}]; updated is RFC 3339 in UTC, "" when unknown.
std::string releases_json(const std::vector<state::ReleasePtr>& releases);

}  // namespace lookout::cli
