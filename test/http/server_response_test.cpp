#include "src/http/server_response.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::http;

TEST_CASE("http date: IMF-fixdate in UTC", "[http]") {
  using std::chrono::seconds;
  using std::chrono::system_clock;
  CHECK(http_date(system_clock::time_point(seconds(0))) == "Thu, 01 Jan 1970 00:00:00 GMT");
  // The example of RFC 9110 section 5.6.7.
  CHECK(http_date(system_clock::time_point(seconds(784111777))) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("response check: ordinary fields pass", "[http]") {
  ServerResponse response;
  response.headers = {{"Content-Type", "text/plain; version=0.0.4"}, {"X-A", "tab\there"}};
  CHECK(check_response(response).ok());
}

TEST_CASE("response check: a status out of range is refused", "[http]") {
  ServerResponse response;
  response.status = GENERATE(0, 100, 199, 600, -1);
  CHECK_FALSE(check_response(response).ok());
}

TEST_CASE("response check: injected and reserved fields are refused", "[http]") {
  using Field = std::pair<std::string, std::string>;
  const Field field = GENERATE(values<Field>({
      {"X-A", "a\r\nSet-Cookie: b"},
      {"X-A", "a\nb"},
      {"X-A", std::string("a\0b", 3)},
      {"X A", "b"},
      {"", "b"},
      {"X-A:", "b"},
      {"X-A", std::string(9000, 'a')},
      {"content-length", "5"},
      {"Transfer-Encoding", "chunked"},
      {"Date", "now"},
      {"Connection", "close"},
      {"Server", "x"},
  }));
  INFO(field.first);
  ServerResponse response;
  response.headers.add(field.first, field.second);
  const Result<void> checked = check_response(response);
  REQUIRE_FALSE(checked.ok());
  CHECK(checked.error().code == ErrorCode::kInvalid);
}

TEST_CASE("plain response: the reason is its body, Allow goes with 405", "[http]") {
  const ServerResponse refused = plain_response({405, "only GET"});
  CHECK(refused.status == 405);
  CHECK(*refused.body.pieces().at(0) == "only GET\n");
  REQUIRE(refused.headers.find("Allow") != nullptr);
  CHECK(*refused.headers.find("Allow") == "GET, HEAD");
  CHECK(plain_response({413, "x"}).headers.find("Allow") == nullptr);
  CHECK(check_response(refused).ok());
}
