#include "src/repository/oci_chart.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lookout;
using namespace lookout::repository;

namespace {

using Tags = std::vector<std::string>;

Tags tags_of(const OciChart& chart) {
  Tags tags;
  for (const OciVersion& version : chart.versions()) tags.push_back(version.tag.tag);
  return tags;
}

// "app:1.0.0" of each.
Tags shown(const std::vector<OciErrand>& errands) {
  Tags all;
  for (const OciErrand& errand : errands) {
    all.push_back(errand.chart->name() + ":" + errand.version->tag.tag);
  }
  return all;
}

OciChart chart_of(const std::string& repository, const Tags& tags) {
  OciChart chart(repository);
  chart.merge(tags);
  return chart;
}

void conclude(OciChart& chart, OciReading reading, std::uint64_t scan = 0) {
  for (OciVersion& version : chart.versions()) {
    version.findings.reading = reading;
    version.asked_in_scan = scan;
  }
}

}  // namespace

TEST_CASE("OCI chart: named by the end of its path") {
  CHECK(OciChart("team/charts/app").name() == "app");
  CHECK(OciChart("app").name() == "app");
}

TEST_CASE("OCI chart: versions highest first, once each, others left out") {
  const OciChart chart = chart_of("app", {"1.0.0", "latest", "10.0.0", "2.0.0-rc.1", "2.0.0",
                                          "1.0.0", "2.0.0_b", "sha256-0.sig", "v3.0.0"});
  CHECK(tags_of(chart) == Tags{"10.0.0", "2.0.0_b", "2.0.0", "2.0.0-rc.1", "1.0.0"});
}

TEST_CASE("OCI chart: merge tells a change of charts from one of other tags and order") {
  OciChart chart = chart_of("app", {"1.0.0", "2.0.0"});
  CHECK_FALSE(chart.merge({"2.0.0", "latest", "1.0.0"}));
  CHECK(chart.merge({"2.0.0"}));
  CHECK(chart.merge({"2.0.0", "3.0.0"}));
  CHECK(chart.merge({}));
  CHECK_FALSE(chart.merge({"latest"}));
}

TEST_CASE("OCI chart: what is known of tags that stay is kept") {
  OciChart chart = chart_of("app", {"1.0.0", "2.0.0"});
  chart.versions()[1].findings = {OciReading::kChart, "digest", {"app version", 5, true}};
  chart.versions()[1].asked_in_scan = 7;
  const OciVersion known = chart.versions()[1];
  CHECK(chart.merge({"3.0.0", "1.0.0"}));
  CHECK(chart.versions()[1] == known);
  CHECK(chart.versions()[0].findings == OciFindings());
  chart.merge({"3.0.0"});
  chart.merge({"3.0.0", "1.0.0"});
  CHECK(chart.versions()[1].findings == OciFindings());
}

TEST_CASE("OCI chart: is described by the highest version that was read and still exists") {
  OciChart chart = chart_of("app", {"1.0.0", "2.0.0", "3.0.0"});
  chart.describe(chart.versions()[1], {"two", ""});
  chart.describe(chart.versions()[2], {"one", ""});
  CHECK(chart.about().description == "two");
  chart.describe(chart.versions()[1], {"two again", ""});
  CHECK(chart.about().description == "two again");
  chart.describe(chart.versions()[0], {"three", ""});
  CHECK(chart.about().description == "three");
  chart.merge({"1.0.0", "2.0.0"});
  chart.describe(chart.versions()[1], {"one", ""});
  CHECK(chart.about().description == "one");
}

TEST_CASE("unread versions: the newest of every chart first, bounded") {
  std::vector<OciChart> charts;
  charts.push_back(chart_of("a", {"1.0.0", "2.0.0", "3.0.0"}));
  charts.push_back(chart_of("b", {"1.0.0", "4.0.0"}));
  CHECK(shown(unread_versions(charts, 4)) == Tags{"a:3.0.0", "b:4.0.0", "a:2.0.0", "b:1.0.0"});
  CHECK(shown(unread_versions(charts, 1)) == Tags{"a:3.0.0"});
  charts[0].versions()[0].asked_in_scan = 1;
  CHECK(shown(unread_versions(charts, 9)).back() == "a:3.0.0");
  charts[0].versions()[0].findings.reading = OciReading::kRefused;
  conclude(charts[1], OciReading::kNoChart);
  CHECK(shown(unread_versions(charts, 9)) == Tags{"a:2.0.0", "a:1.0.0"});
}

TEST_CASE("due versions: the newest in every scan, others in every sixteenth") {
  std::vector<OciChart> charts;
  charts.push_back(chart_of("a", {"1.0.0", "2.0.0"}));
  charts.push_back(chart_of("b", {"1.0.0"}));
  CHECK(due_versions(charts, 100, 9).empty());
  conclude(charts[0], OciReading::kChart, 100);
  conclude(charts[1], OciReading::kNoChart, 99);
  CHECK(shown(due_versions(charts, 100, 9)) == Tags{"b:1.0.0"});
  CHECK(shown(due_versions(charts, 101, 9)) == Tags{"b:1.0.0", "a:2.0.0"});
  CHECK(shown(due_versions(charts, 116, 9)) == Tags{"b:1.0.0", "a:2.0.0", "a:1.0.0"});
  CHECK(shown(due_versions(charts, 116, 1)) == Tags{"b:1.0.0"});
}

TEST_CASE("OCI index: charts by name, facts as read, without what is no chart") {
  std::vector<OciChart> charts;
  charts.push_back(chart_of("x/web", {"1.0.0"}));
  charts.push_back(chart_of("x/app", {"1.0.0", "2.0.0_b", "3.0.0"}));
  charts.push_back(chart_of("x/none", {"latest"}));
  charts.push_back(chart_of("x/image", {"1.0.0"}));
  conclude(charts[3], OciReading::kNoChart);
  charts[1].versions()[0].findings.reading = OciReading::kNoChart;
  charts[1].versions()[1].findings = {OciReading::kChart, "d", {"7", 5, true}};
  charts[1].versions()[2].findings.reading = OciReading::kRefused;
  charts[1].describe(charts[1].versions()[1], {"An app.", "icon"});

  const helm::ChartIndex index = make_index(charts);
  REQUIRE(index.charts.size() == 2);
  CHECK(index.charts[0].name == "app");
  CHECK(index.charts[0].versions ==
        std::vector<helm::ChartVersion>{
            {"2.0.0+b", *helm::parse_version("2.0.0+b"), "7", 5, true},
            {"1.0.0", *helm::parse_version("1.0.0"), "", std::nullopt, false}});
  CHECK(index.charts[0].about == helm::ChartAbout{"An app.", "icon"});
  CHECK(index.charts[1].name == "web");
  CHECK(index.skipped == std::array<std::uint64_t, helm::kSkippedEntryCount>{});
}

TEST_CASE("OCI index: charts of one name in several repositories are one") {
  std::vector<OciChart> charts;
  charts.push_back(chart_of("a/app", {"1.0.0"}));
  charts.push_back(chart_of("b/app", {"2.0.0"}));
  const helm::ChartIndex index = make_index(charts);
  REQUIRE(index.charts.size() == 1);
  CHECK(index.charts[0].versions.size() == 2);
}
