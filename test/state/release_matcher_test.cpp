#include "lookout/state/release_matcher.hpp"

#include <catch2/catch.hpp>

#include <tuple>

#include "test/state/repository_fixture.hpp"

namespace lookout::state {

using test::at;
using test::chart;
using test::index;
using test::match;
using test::release;
using test::repositories;
using test::web;

TEST_CASE("release matcher: a repository holds a version however it is written") {
  using Row = std::tuple<std::string_view, std::string_view, bool>;
  const auto [held, installed, same] = GENERATE(table<std::string_view, std::string_view, bool>({
      Row{"1.2.3", "1.2.3", true},
      Row{"v1.2.3", "1.2.3", true},
      Row{"1.2.3", "v1.2.3", true},
      Row{"1.2", "1.2.0", true},
      Row{"1", "v1.0.0", true},
      Row{"1.2.3+build.5", "1.2.3+build.5", true},
      Row{"1.2.3+build.5", "1.2.3_build.5", true},
      Row{"1.2.3+build.5", "1.2.3", false},
      Row{"1.2.3", "1.2.3+build.5", false},
      Row{"1.2.3-rc.1", "1.2.3", false},
      Row{"1.2.3-rc.1", "1.2.3-rc.1", true},
      Row{"1.2.3-rc.1", "1.2.3-RC.1", false},
      Row{"1.2.3", "1.2.4", false},
  }));
  CAPTURE(held, installed);
  const auto cache = repositories({web({"0.1.0", held, "9.0.0"})});
  const auto found = match(*cache, release(installed));
  REQUIRE(found);
  CHECK(found->kind == (same ? MatchKind::kVersion : MatchKind::kName));
  CHECK_FALSE(found->chart_missing);
}

TEST_CASE("release matcher: counts distinct stable versions that are newer") {
  using Row = std::tuple<std::string_view, std::uint32_t>;
  const auto [installed, behind] = GENERATE(table<std::string_view, std::uint32_t>({
      Row{"1.0.0", 3},       // 1.1.0, 1.2.0+a, 1.2.0+b; v1.1.0 is 1.1.0
      Row{"0.9.0", 4},       // not held, and 1.0.0 counts too
      Row{"1.1.0", 2},       //
      Row{"v1.1.0", 2},      //
      Row{"1.2.0", 0},       // build metadata are no precedence
      Row{"1.2.0+c", 0},     //
      Row{"2.0.0", 0},       // ahead of the repository
      Row{"1.3.0-rc.1", 1},  // only rc.2
      Row{"1.3.0-rc.2", 0},  //
      Row{"1.1.0-rc.1", 5},  // 1.1.0, both 1.2.0 and both rc
  }));
  CAPTURE(installed);
  const auto cache = repositories(
      {web({"1.0.0", "1.1.0", "v1.1.0", "1.2.0+a", "1.2.0+b", "1.3.0-rc.1", "1.3.0-rc.2"})});
  const auto found = match(*cache, release(installed));
  REQUIRE(found);
  CHECK(found->versions_behind == behind);
  CHECK(found->outdated == (behind > 0));
  CHECK(found->comparable);
}

TEST_CASE("NOVA-1: versions with letters are versions") {
  const auto [installed, newer] = GENERATE(table<std::string_view, std::string_view>({
      {"100.1.0+up0.2.6", "100.2.0+up0.3.0"},
      {"1.0.0+build5", "1.0.1+build6"},
      {"v1.2.3-patch1", "v1.2.3-patch2"},
      {"v1.2.3-patch1", "v1.2.3"},
  }));
  CAPTURE(installed);
  const auto cache = repositories({web({installed, newer})});
  const auto found = match(*cache, release(installed));
  REQUIRE(found);
  CHECK(found->kind == MatchKind::kVersion);
  CHECK(found->comparable);
  CHECK(found->outdated);
  CHECK(found->versions_behind == 1);
  CHECK_FALSE(match(*cache, release(newer))->outdated);
}

TEST_CASE("HEX-7: a pin is a name, not an expression") {
  const auto cache = repositories(
      {index({chart("phpmysqladmin", {"2.0.0"})}), index({chart("phpmysqladmin", {"1.0.0"})})});
  const auto installed = release("1.0.0", "phpmysqladmin");
  for (const char* pinned : {"mysql", "php.*", ".*", "phpmysqladmin(", "PHPMYSQLADMIN"}) {
    CAPTURE(pinned);
    const auto found = match(*cache, installed, {{pinned, "", "", "a"}});
    REQUIRE(found);
    CHECK(found->repository == "b");
    CHECK(found->kind == MatchKind::kVersion);
  }
}

TEST_CASE("NOVA-6: who holds the installed version speaks for it, not a namesake") {
  const auto cache = repositories({index({chart("aws-efs-csi", {"0.1.0"})}),
                                   index({chart("aws-efs-csi", {"3.0.3", "3.0.2"})})});
  const auto found = match(*cache, release("3.0.3", "aws-efs-csi"));
  REQUIRE(found);
  CHECK(found->repository == "b");
  CHECK(found->latest_version == "3.0.3");
  CHECK_FALSE(found->outdated);
  // A namesake alone is said to be one, and calls nothing outdated or missing.
  const auto alone = match(*repositories({index({chart("aws-efs-csi", {"0.1.0"})})}),
                           release("3.0.3", "aws-efs-csi"));
  REQUIRE(alone);
  CHECK(alone->kind == MatchKind::kName);
  CHECK_FALSE(alone->outdated);
  CHECK_FALSE(alone->chart_missing);
}

TEST_CASE("HEX-11: a prerelease is newer only for who runs one, and up to date is not unknown") {
  const auto cache = repositories({web({"1.2.3", "1.3.0-rc.2"})});
  const auto stable = match(*cache, release("1.2.3"));
  REQUIRE(stable);
  CHECK(stable->latest_version == "1.2.3");
  CHECK_FALSE(stable->outdated);
  const auto candidate = match(*cache, release("1.3.0-rc.1"));
  CHECK(candidate->latest_version == "1.2.3");
  CHECK(candidate->outdated);
  CHECK_FALSE(match(*cache, release("1.2.3", "unknown-chart")));
}

TEST_CASE("release matcher: without a stable version there is no latest one") {
  const auto found = match(*repositories({web({"0.1.0-a", "0.1.0-b"})}), release("0.1.0-a"));
  REQUIRE(found);
  CHECK(found->latest_version.empty());
  CHECK(found->versions_behind == 1);
}

TEST_CASE("NOVA-6: release matcher: the version decides before the order of the settings") {
  const auto cache = repositories({index({chart("api", {"1.0.0"})}), web({"1.0.0"}),
                                   web({"1.0.0", "2.0.0"}), web({"2.0.0", "3.0.0"})});
  const auto found = [&](std::string_view version) { return *match(*cache, release(version)); };
  CHECK(found("1.0.0").repository == "b");
  CHECK(found("1.0.0").kind == MatchKind::kVersion);
  CHECK(found("2.0.0").repository == "c");
  CHECK(found("3.0.0").repository == "d");
  CHECK(found("4.0.0").repository == "b");
  CHECK(found("4.0.0").kind == MatchKind::kName);
}

TEST_CASE("release matcher: a pin wins, that of the release first") {
  const auto cache = repositories({web({"1.0.0"}), web({"2.0.0"}), index({chart("api", {"1.0"})})});
  const Pin chart_pin{.chart = "web", .ns = "", .release = "", .repository = "b"};
  const Pin release_pin{.chart = "", .ns = "default", .release = "foo", .repository = "a"};
  const Pin other_release{.chart = "", .ns = "default", .release = "bar", .repository = "a"};

  const auto by_chart = match(*cache, release("1.0.0"), {other_release, chart_pin});
  REQUIRE(by_chart);
  CHECK(by_chart->repository == "b");
  CHECK(by_chart->kind == MatchKind::kPin);
  CHECK(by_chart->chart_missing);
  CHECK(by_chart->outdated);
  const auto by_release = match(*cache, release("1.0.0"), {chart_pin, release_pin});
  CHECK(by_release->repository == "a");
  CHECK_FALSE(by_release->chart_missing);

  // It wins even where it leads nowhere: no other repository may speak for the release.
  const auto pinned_to = [&](const std::string& repository) {
    return match(*cache, release("1.0.0"), {{"web", "", "", repository}});
  };
  CHECK_FALSE(pinned_to("c"));
  CHECK_FALSE(pinned_to("no-such-repository"));
}

TEST_CASE("release matcher: missing on a match by name only if the version was once there") {
  const auto cache = repositories({web({"1.0.0", "1.1.0"})});
  CHECK_FALSE(match(*cache, release("0.9.0"))->chart_missing);
  cache->put_success("a", web({"1.1.0"}), 1, at(2));
  const auto gone = match(*cache, release("1.0.0"));
  CHECK(gone->kind == MatchKind::kName);
  CHECK(gone->chart_missing);
  CHECK_FALSE(match(*cache, release("0.9.0"))->chart_missing);
  cache->put_success("a", web({"1.0.0", "1.1.0"}), 1, at(3));
  CHECK_FALSE(match(*cache, release("1.0.0"))->chart_missing);
}

TEST_CASE("release matcher: deprecated is the installed version or the one that speaks now") {
  const auto deprecated = [](std::string_view which, const Release& installed) {
    helm::IndexedChart all = chart("web", {"1.0.0", "1.1.0", "2.0.0-rc.1"});
    for (auto& version : all.versions) version.deprecated = version.text == which;
    return match(*repositories({index({all})}), installed)->chart_deprecated;
  };
  CHECK(deprecated("1.0.0", release("1.0.0")));
  CHECK_FALSE(deprecated("1.0.0", release("1.1.0")));
  CHECK(deprecated("1.1.0", release("1.0.0")));
  CHECK_FALSE(deprecated("2.0.0-rc.1", release("1.0.0")));
  CHECK_FALSE(deprecated("none", release("1.0.0")));
  Release own = release("1.0.0");
  own.chart_deprecated = true;
  CHECK(deprecated("none", own));
}

TEST_CASE("release matcher: a version that Helm refuses compares with nothing") {
  const std::string_view text = GENERATE("", "latest", "1.2.3.4", "01x", "1.0.0 ");
  const auto cache = repositories({web({"1.0.0", "2.0.0"})});
  const auto found = match(*cache, release(text));
  REQUIRE(found);
  CHECK_FALSE(found->comparable);
  CHECK(found->kind == MatchKind::kName);
  CHECK(found->latest_version == "2.0.0");
  CHECK_FALSE(found->outdated);
  CHECK_FALSE(found->chart_missing);
  CHECK_FALSE(match(*cache, release(text), {{"web", "", "", "a"}})->chart_missing);
}

TEST_CASE("NOVA-4: release matcher: nothing is known of releases and charts without facts") {
  const auto cache = repositories({index({chart("empty", {}), chart("web", {"1.0.0"})})});
  Release unread = release("1.0.0");
  unread.has_chart_metadata = false;
  CHECK_FALSE(match(*cache, unread));
  CHECK_FALSE(match(*cache, release("", "")));
  CHECK_FALSE(match(*cache, release("1.0.0", "empty")));
  CHECK_FALSE(match(*cache, release("1.0.0", "Web")));
  cache->set_repositories({test::identity("not-scanned-yet")});
  CHECK_FALSE(match(*cache, release("1.0.0")));
}

}  // namespace lookout::state
