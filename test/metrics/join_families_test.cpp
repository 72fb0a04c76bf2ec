#include "src/metrics/join_families.hpp"

#include <catch2/catch.hpp>

#include "test/metrics/metrics_fixture.hpp"

namespace lookout::metrics {
namespace {

state::ReleaseMatch match() {
  state::ReleaseMatch out;
  out.repository = "own";
  out.kind = state::MatchKind::kVersion;
  out.latest_version = "1.4.0+build \"5\"";
  out.versions_behind = 3;
  out.outdated = true;
  return out;
}

std::string lines(const state::ReleaseMatch* match) {
  state::Release release;
  release.key = {"prod", "foo"};
  release.chart = "chickadee";
  const LabelRules rules;
  std::string out;
  for (const ReleaseFamily& row : join_families()) {
    row.render(RenderedRelease(release, rules, match), out);
  }
  return out;
}

}  // namespace

TEST_CASE("join families: every line of a release") {
  const state::ReleaseMatch one = match();
  CHECK(lines(&one) ==
        "helm_release_outdated{name=\"foo\",namespace=\"prod\"} 1\n"
        "helm_release_versions_behind{name=\"foo\",namespace=\"prod\"} 3\n"
        "helm_release_latest_info{name=\"foo\",namespace=\"prod\",repository=\"own\","
        "chart=\"chickadee\",latest_version=\"1.4.0+build \\\"5\\\"\",match=\"version\"} 1\n"
        "helm_release_chart_missing{name=\"foo\",namespace=\"prod\",repository=\"own\"} 0\n"
        "helm_release_chart_deprecated{name=\"foo\",namespace=\"prod\",repository=\"own\"} 0\n");
}

TEST_CASE("join families: missing and deprecated charts, and the kind of match") {
  state::ReleaseMatch one = match();
  one.chart_missing = one.chart_deprecated = true;
  const std::string_view name = GENERATE("pin", "name");
  one.kind = name == "pin" ? state::MatchKind::kPin : state::MatchKind::kName;
  const std::string text = lines(&one);
  CHECK(test::count_of(text, "_missing{name=\"foo\",namespace=\"prod\",repository=\"own\"} 1") ==
        1);
  CHECK(test::count_of(text, "_deprecated{name=\"foo\",namespace=\"prod\",repository=\"own\"} 1") ==
        1);
  CHECK(test::count_of(text, "match=\"" + std::string(name) + "\"") == 1);
}

TEST_CASE("join families: no line without a repository that knows the chart") {
  CHECK(lines(nullptr).empty());
}

TEST_CASE("join families: a version that Helm refuses is neither outdated nor up to date") {
  state::ReleaseMatch one = match();
  one.comparable = false;
  const std::string text = lines(&one);
  CHECK(test::count_of(text, "\n") == 2);
  CHECK(test::count_of(text, "helm_release_latest_info{") == 1);
  CHECK(test::count_of(text, "helm_release_chart_deprecated{") == 1);
}

}  // namespace lookout::metrics
