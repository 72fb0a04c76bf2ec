// Tags of a chart in a registry. Pure.
// Wire format of GET /v2/<name>/tags/list (OCI distribution specification, "Listing Tags"):
//   {"name": "team/app", "tags": ["1.0.0", "2.0.0_build.5", "latest"]}; "tags" may be null.
// "_" stands for the "+" that tags cannot have, and only strict SemVer 2 counts, as in Helm's
// pkg/registry Client.Tags: "v1.2.3", "1.2" and "latest" are no charts to it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/helm/version.hpp"

namespace lookout::repository {

// OCI distribution specification: [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}.
inline constexpr std::size_t kTagBytesMax = 128;

struct ChartTag {
  std::string tag;   // "2.0.0_build.5"
  std::string text;  // "2.0.0+build.5"
  helm::Version version;

  bool operator==(const ChartTag&) const = default;
};

// nullopt: Helm does not see it.
std::optional<ChartTag> parse_chart_tag(std::string_view tag);

// Appends the tags of one page to `tags`. kMalformed: not JSON; kInvalid: JSON of something else;
// kTooLarge: more than `tags_max` in all.
Result<void> append_tags_page(std::string_view json, std::size_t tags_max,
                              std::vector<std::string>& tags);

}  // namespace lookout::repository
