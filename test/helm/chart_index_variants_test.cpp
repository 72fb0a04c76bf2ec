// Indexes as real tools write them, by which other exporters lose the whole repository.
#include <catch2/catch.hpp>

#include <string>
#include <variant>

#include "test/helm/index_sheet.hpp"

namespace lookout::helm {
namespace {

const std::string kBeside = "  - {name: c, version: 1.0.0, created: 2024-03-01T10:11:12Z}\n";

std::string with_entry(const std::string& more) {
  return "apiVersion: v1\nentries:\n  c:\n  - {name: c, version: 2.0.0, " + more + "}\n" + kBeside;
}

}  // namespace

TEST_CASE("HRE-6: chart index: one entry that is wrong is skipped, with its reason") {
  const auto [text, skipped] = GENERATE(table<std::string, std::string>({
      {with_entry("created: ''"), "bad_date 1"},
      {with_entry("created: 2021-11-08 11:57:55.95Z"), "bad_date 1"},
      {with_entry("created: '2021-11-08 11:57:55.95 +0000 UTC'"), "bad_date 1"},
      {with_entry("created: '2021-11-08'"), "bad_date 1"},
      {with_entry("created: 20211108"), "bad_date 1"},
      {with_entry("name: c"), "duplicate_key 1"},
      {with_entry("urls: c-2.0.0.tgz"), "bad_type 1"},
  }));
  CAPTURE(text);
  const IndexOutcome outcome = read_index(text);
  REQUIRE(std::holds_alternative<ChartIndex>(outcome));
  const auto& index = std::get<ChartIndex>(outcome);
  REQUIRE(index.charts.size() == 1);
  REQUIRE(index.charts[0].versions.size() == 1);
  CHECK(index.charts[0].versions[0].text == "1.0.0");
  CHECK(show_skipped(index) == skipped);
}

TEST_CASE("HRE-6: chart index: what Helm takes is taken") {
  const auto [text, versions] = GENERATE(table<std::string, std::size_t>({
      {with_entry("description: x"), 2},
      {with_entry("created: ~"), 2},
      {with_entry("created: 0001-01-01T00:00:00Z"), 2},
      {R"({"apiVersion":"v1","entries":{"c":[{"name":"c","version":"1.0.0",)"
       R"("description":"\ud83d\ude80"}]}})",
       1},
      {"apiVersion: v1\nentries:\n  c:\n  - &one {name: c, version: 1.0.0}\n"
       "  - {<<: *one, appVersion: two}\n",
       1},
      {"apiVersion: v1\nentries: ~\n", 0},
  }));
  CAPTURE(text);
  const IndexOutcome outcome = read_index(text);
  REQUIRE(std::holds_alternative<ChartIndex>(outcome));
  const auto& charts = std::get<ChartIndex>(outcome).charts;
  CHECK((charts.empty() ? 0 : charts[0].versions.size()) == versions);
}

TEST_CASE("HRE-6: chart index: a chart that comes twice keeps what came first") {
  const IndexOutcome outcome =
      read_index("apiVersion: v1\nentries:\n  c:\n" + kBeside + "  c:\n" + kBeside);
  REQUIRE(std::holds_alternative<ChartIndex>(outcome));
  const auto& index = std::get<ChartIndex>(outcome);
  CHECK(index.charts.at(0).versions.size() == 1);
  CHECK(show_skipped(index) == "duplicate_key 1");
}

TEST_CASE("HRE-6: chart index: without apiVersion it is none, as for Helm") {
  const IndexOutcome outcome = read_index("entries:\n  c:\n" + kBeside);
  REQUIRE(std::holds_alternative<IndexFailure>(outcome));
  CHECK(std::get<IndexFailure>(outcome).defect == IndexDefect::kNotAnIndex);
}

}  // namespace lookout::helm
