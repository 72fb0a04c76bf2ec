#include "src/cli/scan_summary.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::cli;

namespace {

helm::ChartVersion version(std::string text, std::optional<std::int64_t> created = std::nullopt,
                           bool deprecated = false) {
  helm::ChartVersion out;
  out.version = *helm::parse_version(text);
  out.app_version = "app-" + text;
  out.text = std::move(text);
  out.created_seconds = created;
  out.deprecated = deprecated;
  return out;
}

helm::ChartIndex index() {
  helm::ChartIndex out;
  out.charts.push_back({"edge", {version("2.0.0-rc.1")}, {}});
  out.charts.push_back({"hidden", {}, {}});
  out.charts.push_back({"web\x1b", {version("2.0.0-rc.1", 100), version("1.2.0", 200, true)}, {}});
  out.skipped[static_cast<std::size_t>(helm::SkippedEntry::kBadVersion)] = 2;
  out.skipped[static_cast<std::size_t>(helm::SkippedEntry::kNoName)] = 1;
  return out;
}

}  // namespace

TEST_CASE("scan summary: latest is stable, deprecation the newest version's") {
  CHECK(summarize(index()) ==
        std::vector<ChartSummary>{{"edge", 1, "", "", std::nullopt, false},
                                  {"web\x1b", 2, "1.2.0", "app-1.2.0", 200, true}});
}

TEST_CASE("scan summary: a prerelease speaks for its chart only when it has nothing stable") {
  helm::ChartIndex charts;
  charts.charts.push_back({"both", {version("2.0.0-rc.1", 1, true), version("1.0.0", 1)}, {}, {}});
  charts.charts.push_back({"edge", {version("2.0.0-rc.1", 1, true)}, {}, {}});
  const auto summary = summarize(charts);
  CHECK_FALSE(summary[0].deprecated);
  CHECK(summary[1].deprecated);
}

TEST_CASE("scan summary: a table without escape sequences") {
  CHECK(scan_table(summarize(index())) ==
        "CHART   VERSIONS   LATEST   APP VERSION   NEWEST                 DEPRECATED\n"
        "edge    1                                                        \n"
        "web?    2          1.2.0    app-1.2.0     1970-01-01T00:03:20Z   yes\n");
}

TEST_CASE("scan summary: JSON with what was skipped") {
  const std::string text = scan_json(summarize(index()), index());
  CHECK_THAT(text, Catch::Contains("\"latest\": \"1.2.0\""));
  CHECK_THAT(text, Catch::Contains("\"deprecated\": true"));
  CHECK_THAT(text, Catch::Contains("\"bad_version\": 2"));
  helm::ChartIndex hostile;
  hostile.charts.push_back({"\xff", {version("1.0.0")}, {}});
  CHECK_THAT(scan_json(summarize(hostile), hostile), Catch::Contains("\xef\xbf\xbd"));
}

TEST_CASE("scan summary: skipped entries in a line, by reason") {
  CHECK(skipped_line(index()) == "3 entries skipped: no_name 1, bad_version 2");
  CHECK(skipped_line({}).empty());
}
