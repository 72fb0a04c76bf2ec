#include "src/web/api.hpp"

#include <catch2/catch.hpp>

#include "src/web/query.hpp"
#include "test/web/catalog_fixture.hpp"

using namespace lookout;
using namespace lookout::web;
using namespace lookout::web::test;
using Catch::Matchers::Contains;

namespace {

CatalogSources sources() {
  return catalog_sources(
      {repository("team", {chart("api", {version("1.4.0", 1'709'284'272), version("1.3.0")}),
                           chart("web", {version("0.1.0")})})},
      {release("prod", "one", "api", "1.3.0"), release("prod", "two", "web", "0.1.0"),
       release("test", "own", "private", "9.0.0")});
}

std::string releases(std::string_view query) {
  const auto json = releases_json(sources(), query);
  return json ? *json : "error: " + json.error().message;
}

std::size_t items(const std::string& json) {
  std::size_t found = 0;
  for (std::size_t at = json.find("{\"namespace\""); at != json.npos;
       at = json.find("{\"namespace\"", at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("api: a release with what its repository says of it", "[web]") {
  CHECK(releases("name=one") ==
        R"({"items":[{"namespace":"prod","name":"one","revision":1,"status":"deployed",)"
        R"("chart":"api","chart_version":"1.3.0","app_version":"","updated":null,)"
        R"("deployed_revision":null,"revisions":1,"storage_bytes":null,"undecodable":null,)"
        R"("repository":"team","latest_version":"1.4.0","versions_behind":1,"outdated":true,)"
        R"("missing":false,"deprecated":false}],"total":1,"offset":0})"
        "\n");
  // No repository knows the chart: null, not false.
  CHECK_THAT(releases("name=own"),
             Contains(R"("repository":null)") && Contains(R"("outdated":null)"));
}

TEST_CASE("api: filters, order and pages", "[web]") {
  const auto [query, count, first, total] =
      GENERATE(table<std::string, std::size_t, std::string, std::string>({
          {"", 3, "one", "3"},
          {"namespace=prod", 2, "one", "2"},
          {"namespace=prod&name=two", 1, "two", "1"},
          {"outdated=true", 1, "one", "1"},
          {"outdated=", 1, "own", "1"},  // null
          {"search=PRIV", 1, "own", "1"},
          {"search=prod&search=web", 1, "two", "1"},
          {"sort=-name", 3, "two", "3"},
          {"sort=chart", 3, "one", "3"},
          {"sort=versions_behind", 3, "own", "3"},  // null first
          {"limit=1", 1, "one", "3"},
          {"limit=1&offset=2", 1, "own", "3"},
          {"offset=7", 0, "", "3"},
          {"limit=0", 0, "", "3"},
          {"name=nobody", 0, "", "0"},
      }));
  INFO(query);
  const std::string json = releases(query);
  CHECK(items(json) == count);
  CHECK_THAT(json, Contains("\"total\":" + total + ","));
  if (count > 0) {
    const std::string named = "\"name\":\"";
    CHECK(json.substr(json.find(named) + named.size(), first.size()) == first);
  }
}

TEST_CASE("api: what it does not know is named", "[web]") {
  const auto [query, message] = GENERATE(table<std::string, std::string>({
      {"nmae=one", "unknown parameter \"nmae\""},
      {"sort=nothing", "sort: expected one of namespace, name"},
      {"limit=1001", "limit: expected a whole number, at most 1000"},
      {"limit=-1", "limit: expected"},
      {"offset=x", "offset: expected"},
      {"name=%zz", "error"},
  }));
  CHECK_THAT(releases(query), Contains(message) && Contains("error: "));
}

TEST_CASE("api: repositories and charts", "[web]") {
  const auto repositories = repositories_json(sources(), "");
  REQUIRE(repositories);
  CHECK(*repositories ==
        R"({"items":[{"name":"team","type":"http","url":"https://charts.example.org","up":true,)"
        R"("error_type":"","error":"","last_attempt":"2023-11-14T22:13:20Z",)"
        R"("last_success":"2023-11-14T22:13:20Z","charts":2,"versions":3,"index_bytes":512}],)"
        R"("total":1,"offset":0})"
        "\n");
  const auto charts = charts_json(sources(), "name=api");
  REQUIRE(charts);
  CHECK(*charts ==
        R"({"items":[{"repository":"team","name":"api","description":"","latest_version":"1.4.0",)"
        R"("app_version":"app-1.4.0","versions":2,"newest":"2024-03-01T09:11:12Z",)"
        R"("deprecated":false,"releases":1,"outdated_releases":1}],"total":1,"offset":0})"
        "\n");
}

TEST_CASE("api: a repository that was never read has null, not 0", "[web]") {
  auto fresh = std::make_shared<state::Repository>();
  fresh->name = "fresh";
  const auto json = repositories_json(catalog_sources({fresh}), "");
  REQUIRE(json);
  CHECK_THAT(*json, Contains(R"("charts":null)") && Contains(R"("last_attempt":null)"));
}

TEST_CASE("api: texts that are no UTF-8 do not sink the answer", "[web]") {
  const auto json =
      releases_json(catalog_sources({}, {release("prod", "bad\xff", "a\"b", "1")}), "");
  REQUIRE(json);
  CHECK_THAT(*json, Contains("bad\xef\xbf\xbd") && Contains(R"(a\"b)"));
}

TEST_CASE("query: as forms write it", "[web]") {
  const auto parameters = parse_query("a=1&b=x+y%26z&flag&=&a=2&&c=1=2");
  REQUIRE(parameters);
  CHECK(*parameters ==
        QueryParameters{
            {"a", "1"}, {"b", "x y&z"}, {"flag", ""}, {"", ""}, {"a", "2"}, {"c", "1=2"}});
  CHECK(find_parameter(*parameters, "a") == "1");
  CHECK_FALSE(find_parameter(*parameters, "none"));
  CHECK(parse_query("")->empty());
  CHECK_FALSE(parse_query("a=%f"));
}
