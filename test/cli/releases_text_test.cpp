#include "src/cli/releases_text.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::cli;
using Catch::Matchers::Contains;

namespace {

state::ReleasePtr release() {
  auto made = std::make_shared<state::Release>();
  made->key = {"prod", "api"};
  made->revision = 3;
  made->status = helm::Status::kDeployed;
  made->has_chart_metadata = true;
  made->chart = "web\x1b[31m";
  made->chart_version = "1.2.0";
  made->updated_seconds = 1'709'284'272;
  return made;
}

state::ReleaseMatch outdated() {
  state::ReleaseMatch match;
  match.repository = "team";
  match.latest_version = "1.4.0";
  match.versions_behind = 2;
  match.outdated = true;
  return match;
}

}  // namespace

TEST_CASE("releases: LATEST and STATE only when repositories were read", "[cli]") {
  const std::string plain = releases_table({{{release(), std::nullopt}}, false});
  CHECK_THAT(plain, !Contains("LATEST") && Contains("2024-03-01T09:11:12Z"));
  CHECK_THAT(plain, !Contains("\x1b"));
  const std::string joined = releases_table({{{release(), outdated()}}, true});
  CHECK_THAT(joined, Contains("LATEST") && Contains("STATE"));
  CHECK_THAT(joined, Contains("1.4.0") && Contains("outdated"));
}

TEST_CASE("releases: what is told of the installed version", "[cli]") {
  state::ReleaseMatch match;
  CHECK(state_text(match) == "current");
  match.comparable = false;
  CHECK(state_text(match) == "unknown");
  match.chart_deprecated = true;
  CHECK(state_text(match) == "deprecated");
  match.chart_missing = match.outdated = true;
  CHECK(state_text(match) == "missing, outdated, deprecated");
  CHECK(state_text(std::nullopt).empty());
}

TEST_CASE("releases: JSON says null where nothing is known", "[cli]") {
  const std::string plain = releases_json({{{release(), std::nullopt}}, false});
  CHECK_THAT(plain, !Contains("latest_version") && Contains("\"chart_version\": \"1.2.0\""));
  const std::string unmatched = releases_json({{{release(), std::nullopt}}, true});
  CHECK_THAT(unmatched, Contains("\"outdated\": null") && Contains("\"repository\": null"));
  const std::string joined = releases_json({{{release(), outdated()}}, true});
  CHECK_THAT(joined, Contains("\"outdated\": true") && Contains("\"versions_behind\": 2"));
  state::ReleaseMatch odd = outdated();
  odd.comparable = false;
  CHECK_THAT(releases_json({{{release(), odd}}, true}), Contains("\"outdated\": null"));
}
