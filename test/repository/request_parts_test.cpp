#include <catch2/catch.hpp>

#include <string>

#include "src/repository/answer.hpp"
#include "src/repository/http_date.hpp"
#include "src/repository/index_request.hpp"
#include "src/repository/validators.hpp"
#include "test/repository/scan_fixture.hpp"

using namespace lookout;
using namespace lookout::repository;

namespace {

http::Url url(const std::string& text) {
  return http::parse_url(text).value();
}

http::Headers conditions(const Validators& validators, const std::string& text) {
  http::Headers headers;
  validators.add_to(url(text), headers);
  return headers;
}

}  // namespace

TEST_CASE("http date: the form that servers write") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") ==
        WallTime(std::chrono::seconds(784'111'777)));
  CHECK(parse_http_date(" Thu, 01 Jan 1970 00:00:00 GMT ") == WallTime());
}

TEST_CASE("http date: anything else is none") {
  const auto text = GENERATE("", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                             "Sun, 06 Nov 1994 08:49:37", "Sun, 31 Feb 1994 08:49:37 GMT",
                             "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
                             "Sun, 06 Nov 99999 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT");
  CHECK_FALSE(parse_http_date(text));
}

TEST_CASE("validators: they go back to the URL that they came from") {
  Validators validators;
  CHECK(conditions(validators, "https://a.example/i").fields().empty());
  validators.remember(url("https://a.example/i?signature=1"),
                      {{"ETag", "W/\"x\""}, {"last-modified", "then"}});
  const std::vector<std::pair<std::string, std::string>> expected = {{"If-None-Match", "W/\"x\""},
                                                                     {"If-Modified-Since", "then"}};
  CHECK(conditions(validators, "https://a.example/i?signature=2").fields() == expected);
  CHECK(conditions(validators, "https://a.example/j").fields().empty());
  CHECK(conditions(validators, "https://b.example/i").fields().empty());
}

TEST_CASE("validators: an answer without them forgets the old ones") {
  Validators validators;
  validators.remember(url("https://a.example/i"), {{"ETag", "\"x\""}});
  validators.remember(url("https://a.example/i"), {});
  http::Headers headers;
  CHECK_FALSE(validators.add_to(url("https://a.example/i"), headers));
}

TEST_CASE("validators: what must not be sent back is not kept") {
  const std::string etag =
      GENERATE(std::string(kValidatorBytesMax + 1, 'x'), std::string("\"a\r\nX: y\""));
  Validators validators;
  validators.remember(url("https://a.example/i"), {{"ETag", etag}});
  CHECK(conditions(validators, "https://a.example/i").fields().empty());
}

TEST_CASE("answer: a body is kept up to the limit") {
  fakes::ScriptedTransport transport;
  transport.add(answer(404, {{"X", "y"}}, {"12", "345"}));
  transport.add(answer(200, {}, {"12", "3456"}));
  const auto whole = ask(transport, {}, 5, {});
  REQUIRE(whole.ok());
  CHECK(whole->head.status == 404);
  CHECK(whole->body == "12345");
  CHECK(ask(transport, {}, 5, {}).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("index request: both time-outs are what is left") {
  const auto request = index_request(url("https://a.example/i?x=1"), std::chrono::seconds(7));
  CHECK(request.target == "/i?x=1");
  CHECK(request.header_timeout == std::chrono::seconds(7));
  CHECK(request.idle_timeout == std::chrono::seconds(7));
  CHECK(header(request, "User-Agent").starts_with("helm-lookout/"));
  const auto late = index_request(url("https://a.example/i"), std::chrono::seconds(-1));
  CHECK(late.header_timeout.count() > 0);
}
