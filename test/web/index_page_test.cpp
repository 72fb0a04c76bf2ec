#include "src/web/index_page.hpp"

#include <catch2/catch.hpp>

using namespace lookout::web;
using Catch::Matchers::Contains;

TEST_CASE("index page: relative links, unlisted endpoints left out", "[web]") {
  const std::string page =
      index_page("1.2.3", {true, "", {}}, {{"/metrics", "all metrics"}, {"/style.css", ""}});
  CHECK_THAT(page, Contains("<a href=\"./metrics\">/metrics</a>"));
  CHECK_THAT(page, Contains("1.2.3") && Contains("all metrics") && Contains(" ready"));
  CHECK_THAT(page, !Contains("/style.css<") && !Contains("href=\"/") && !Contains("http"));
}

TEST_CASE("index page: every string from outside is escaped", "[web]") {
  const std::string hostile = "<script>'\"";
  const std::string page = index_page(hostile, {false, hostile, {}}, {{"/" + hostile, hostile}});
  CHECK_THAT(page, !Contains("<script") && Contains("not ready: &lt;script&gt;&#39;&quot;"));
}

TEST_CASE("index page: a link cannot leave the origin", "[web]") {
  const auto [path, link] = GENERATE(table<std::string, std::string>({
      {"/metrics/self", "./metrics/self"},
      {"/", "./"},
      {"/javascript:x", "./javascript%3Ax"},
      {"//evil.example", ".//evil.example"},
      {"/a b?c#d", "./a%20b%3Fc%23d"},
  }));
  CHECK(relative_link(path) == link);
}
