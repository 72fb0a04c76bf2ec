// What `releases` prints.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lookout/state/release.hpp"
#include "lookout/state/release_matcher.hpp"

namespace lookout::cli {

struct ReleaseRow {
  state::ReleasePtr release;
  std::optional<state::ReleaseMatch> match;
};

struct ReleaseRows {
  std::vector<ReleaseRow> rows;
  bool joined = false;  // repositories were read: a row without match is of no known chart
};

// With the columns LATEST and STATE when joined.
std::string releases_table(const ReleaseRows& releases);

// [{"namespace","name","revision","status","chart","chart_version","app_version","updated",
//   "undecodable"?}]; updated is RFC 3339 in UTC, "" when unknown. When joined, and null without a
// match: "repository","latest_version","versions_behind","outdated","missing","deprecated".
std::string releases_json(const ReleaseRows& releases);

// "missing, outdated, deprecated": those that are so; "current" for none of them; "unknown" when
// Helm cannot compare the installed version; "" without a match.
std::string state_text(const std::optional<state::ReleaseMatch>& match);

}  // namespace lookout::cli
