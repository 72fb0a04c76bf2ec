#include "src/web/charts_page.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::web;
using Catch::Matchers::Contains;

namespace {

helm::ChartVersion version(std::string text, std::optional<std::int64_t> created = std::nullopt) {
  return {text, *helm::parse_version(text), "app-" + text, created, false};
}

helm::IndexedChart chart(std::string name, std::vector<helm::ChartVersion> versions) {
  return {std::move(name), std::move(versions), {}};
}

state::RepositoryPtr repository(std::string name, std::vector<helm::IndexedChart> charts) {
  auto made = std::make_shared<state::Repository>();
  made->name = std::move(name);
  made->type = "http";
  made->url = "https://charts.example.org";
  made->up = true;
  made->last_attempt = made->last_success = WallTime(std::chrono::seconds(1'700'000'000));
  auto data = std::make_shared<state::RepositoryIndex>();
  data->index.charts = std::move(charts);
  made->data = std::move(data);
  return made;
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("charts page: a row a repository, a row a chart", "[web]") {
  const state::RepositorySnapshot snapshot = {
      repository("team", {chart("api", {version("2.0.0-rc.1", 1'709'284'272), version("1.4.0")}),
                          chart("web", {version("0.1.0")})})};
  const std::string page = charts_page(snapshot, "./");
  CHECK_THAT(page, Contains("https://charts.example.org") && Contains(">up<"));
  CHECK_THAT(page, Contains("2023-11-14 22:13"));  // last read
  CHECK_THAT(page, Contains("?repository=team&amp;chart=api"));
  // The newest is a prerelease: the latest stable one is told, the date is the newest's.
  CHECK_THAT(page, Contains("<td>1.4.0</td><td>app-1.4.0</td>") && Contains("2024-03-01 09:11"));
  CHECK(count(page, "<tr><td>") == 3);
}

TEST_CASE("charts page: a repository that fails says why and keeps its charts", "[web]") {
  auto failing = std::make_shared<state::Repository>(*repository("team", {chart("api", {})}));
  failing->up = false;
  failing->last_error_type = "timeout";
  failing->last_error = "connect: timed out";
  const std::string page = charts_page({failing}, "./");
  CHECK_THAT(page, Contains(">timeout<") && Contains("connect: timed out"));
  CHECK_THAT(page, Contains("chart=api"));
}

TEST_CASE("charts page: a repository that was never read has no charts, not none", "[web]") {
  auto fresh = std::make_shared<state::Repository>();
  fresh->name = "fresh";
  const std::string page = charts_page({fresh}, "./");
  CHECK_THAT(page, Contains("not read yet") && !Contains(">0<"));
  CHECK_THAT(charts_page({}, "./"), Contains("No repositories are set"));
}

TEST_CASE("charts page: every text of a repository is escaped", "[web]") {
  const std::string hostile = "<img src=x onerror=alert(1)>\"'";
  helm::ChartVersion bad = version("1.0.0");
  bad.text = bad.app_version = hostile;
  auto made = std::make_shared<state::Repository>(*repository(hostile, {chart(hostile, {bad})}));
  made->url = made->last_error = made->last_error_type = hostile;
  made->up = GENERATE(true, false);
  CHECK_THAT(charts_page({made}, "./"), !Contains("<img") && Contains("&lt;img"));
  const auto versions = chart_versions_page({made}, hostile, hostile, "./");
  REQUIRE(versions);
  CHECK_THAT(*versions, !Contains("<img") && Contains("&lt;img"));
}

TEST_CASE("charts page: rows have a limit, and what is left out is counted", "[web]") {
  std::vector<helm::IndexedChart> charts;
  for (std::size_t i = 0; i < kChartRowsMax + 3; ++i) {
    charts.push_back(chart("chart-" + std::to_string(i), {}));
  }
  const std::string page = charts_page({repository("big", std::move(charts))}, "./");
  CHECK(count(page, "chart=chart-") == kChartRowsMax);
  CHECK_THAT(page, Contains("3 more are not shown"));
}

TEST_CASE("charts page: a chart's versions, highest first", "[web]") {
  helm::ChartVersion old = version("1.0.0", 1'700'000'000);
  old.deprecated = true;
  const state::RepositorySnapshot snapshot = {
      repository("team", {chart("api", {version("2.0.0"), old}), chart("web", {})})};
  const auto page = chart_versions_page(snapshot, "team", "api", "../");
  REQUIRE(page);
  CHECK(page->find("2.0.0") < page->find("1.0.0"));
  CHECK_THAT(*page, Contains("deprecated") && Contains("href=\"../style.css\""));
  CHECK_FALSE(chart_versions_page(snapshot, "team", "none", "./"));
  CHECK_FALSE(chart_versions_page(snapshot, "other", "api", "./"));
}
