#include "src/web/charts_page.hpp"

#include <catch2/catch.hpp>

#include "test/web/catalog_fixture.hpp"

using namespace lookout;
using namespace lookout::web;
using namespace lookout::web::test;
using Catch::Matchers::Contains;

namespace {

std::string page_of(state::RepositorySnapshot repositories,
                    std::vector<state::ReleasePtr> releases = {}) {
  return charts_page(look(catalog_sources(std::move(repositories), std::move(releases))), "./");
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("charts page: a row a repository, a row a chart", "[web]") {
  const std::string page = page_of(
      {repository("team", {chart("api", {version("2.0.0-rc.1", 1'709'284'272), version("1.4.0")}),
                           chart("web", {version("0.1.0")})})});
  CHECK_THAT(page, Contains("https://charts.example.org") && Contains(">up<"));
  CHECK_THAT(page, Contains("2023-11-14 22:13"));  // last read
  CHECK_THAT(page, Contains("?repository=team&amp;chart=api"));
  // The newest is a prerelease: the latest stable one is told, the date is the newest's.
  CHECK_THAT(page, Contains("<td>1.4.0</td><td>app-1.4.0</td>") && Contains("2024-03-01 09:11"));
  CHECK(count(page, "<tr><td>") == 3);
}

TEST_CASE("charts page: the releases that run a chart, and which are behind", "[web]") {
  const std::string page =
      page_of({repository("team", {chart("api", {version("1.4.0"), version("1.3.0")})})},
              {release("prod", "one", "api", "1.3.0"), release("prod", "two", "api", "1.4.0"),
               release("prod", "other", "unknown", "1.0.0")});
  CHECK_THAT(page, Contains("prod/one 1.3.0 <span class=\"tag\">1 behind</span>"));
  CHECK_THAT(page, Contains("<li>prod/two 1.4.0</ul>") && !Contains("prod/other"));
  CHECK_THAT(page, Contains("<summary>2 <span class=\"tag\">1 behind</span></summary>"));
}

TEST_CASE("HRE-5: charts page: a repository that fails says why and keeps its charts", "[web]") {
  auto failing = repository("team", {chart("api", {})});
  failing->up = false;
  failing->last_error_type = "timeout";
  failing->last_error = "connect: timed out";
  const std::string page = page_of({failing});
  CHECK_THAT(page, Contains(">timeout<") && Contains("connect: timed out"));
  CHECK_THAT(page, Contains("chart=api"));
}

TEST_CASE("charts page: a repository that was never read has no charts, not none", "[web]") {
  auto fresh = std::make_shared<state::Repository>();
  fresh->name = "fresh";
  CHECK_THAT(page_of({fresh}), Contains("not read yet") && !Contains(">0<"));
  CHECK_THAT(page_of({}), Contains("No repositories are set"));
}

TEST_CASE("HRE-8: charts page: links lead to our own pages, none to where an index points",
          "[web]") {
  auto s3 = repository("team", {chart("api", {version("1.0.0")})});
  s3->type = "s3";
  s3->url = "s3://team/charts/index.yaml";
  const Catalog catalog = look(catalog_sources({s3}));
  const auto page = chart_page(catalog, {"team", "api"}, "./");
  REQUIRE(page);
  for (const std::string& html : {charts_page(catalog, "./"), *page}) {
    CHECK(count(html, "href=") > 1);
    CHECK(count(html, "href=") == count(html, "href=\"?") + count(html, "href=\"./"));
    CHECK_THAT(html, !Contains("ZgotmplZ"));
  }
}

TEST_CASE("charts page: every text from outside is escaped", "[web]") {
  const std::string hostile = "<img src=x onerror=alert(1)>\"'";
  helm::ChartVersion bad = version("1.0.0");
  bad.text = bad.app_version = hostile;
  auto listed = chart(hostile, {bad});
  listed.about = {hostile, hostile};
  auto made = repository(hostile, {listed});
  made->url = made->last_error = made->last_error_type = hostile;
  made->up = GENERATE(true, false);
  CatalogSources sources = catalog_sources({made}, {release(hostile, hostile, hostile, "1.0.0")});
  sources.chart_icons = GENERATE(true, false);
  const Catalog catalog = look(sources);
  CHECK_THAT(charts_page(catalog, "./"), !Contains("<img") && Contains("&lt;img"));
  const auto page = chart_page(catalog, {hostile, hostile}, "./");
  REQUIRE(page);
  CHECK_THAT(*page, !Contains("<img") && Contains("&lt;img"));
}

TEST_CASE("charts page: icons only when switched on, and only from where they may come", "[web]") {
  auto listed = chart("api", {version("1.0.0")});
  listed.about = {"Serves.", "https://cdn.example.org/i.png"};
  CatalogSources sources = catalog_sources({repository("team", {listed})});
  CHECK_THAT(charts_page(look(sources), "./"), Contains("Serves.") && !Contains("<img"));
  sources.chart_icons = true;
  CHECK_THAT(charts_page(look(sources), "./"), Contains("src=\"https://cdn.example.org/i.png\""));

  const auto [icon, allowed] = GENERATE(table<std::string, bool>({
      {"https://x/i.svg", true},
      {"HTTPS://x/i.svg", true},
      {"data:image/png;base64,AA==", true},
      {"data:text/html,<script>", false},
      {"http://x/i.svg", false},
      {"javascript:alert(1)", false},
      {"//x/i.svg", false},
      {"", false},
  }));
  CHECK(icon_address(icon) == (allowed ? icon : ""));
}

TEST_CASE("charts page: rows have a limit, and what is left out is counted", "[web]") {
  std::vector<helm::IndexedChart> charts;
  for (std::size_t i = 0; i < kChartRowsMax + 3; ++i) {
    charts.push_back(chart("chart-" + std::to_string(i), {}));
  }
  const std::string page = page_of({repository("big", std::move(charts))});
  CHECK(count(page, "chart=chart-") == kChartRowsMax);
  CHECK_THAT(page, Contains("3 more are not shown"));
}

TEST_CASE("charts page: a row lists the highest versions and leads to the others", "[web]") {
  std::vector<helm::ChartVersion> versions;
  for (std::size_t i = kListedMax + 2; i > 0; --i) {
    versions.push_back(version("1." + std::to_string(i) + ".0"));
  }
  const std::string page = page_of({repository("team", {chart("api", std::move(versions))})});
  CHECK(count(page, "<li>1.") == kListedMax);
  CHECK_THAT(page, Contains("all of them") && !Contains("<li>1.1.0") && !Contains("<li>1.2.0"));
}

TEST_CASE("charts page: one chart with all its versions, highest first", "[web]") {
  helm::ChartVersion old = version("1.0.0", 1'700'000'000);
  old.deprecated = true;
  const Catalog catalog = look(catalog_sources(
      {repository("team", {chart("api", {version("2.0.0"), old}), chart("web", {})})},
      {release("prod", "one", "api", "1.0.0")}));
  const auto page = chart_page(catalog, {"team", "api"}, "../");
  REQUIRE(page);
  CHECK(page->find("<td>2.0.0") < page->find("<td>1.0.0"));
  CHECK_THAT(*page, Contains("deprecated") && Contains("href=\"../style.css\""));
  CHECK_THAT(*page, Contains("prod/one 1.0.0 <span class=\"tag\">1 behind</span>"));
  CHECK_FALSE(chart_page(catalog, {"team", "none"}, "./"));
  CHECK_FALSE(chart_page(catalog, {"other", "api"}, "./"));
}
