#include "lookout/http/message.hpp"

#include <catch2/catch.hpp>

namespace lookout::http {

TEST_CASE("headers: names compare without case, the first of a name is found") {
  Headers headers{{"Retry-After", "1"}, {"X", "2"}};
  headers.add("retry-after", "3");
  REQUIRE(headers.find("RETRY-AFTER") != nullptr);
  CHECK(*headers.find("RETRY-AFTER") == "1");
  CHECK(headers.find("Retry") == nullptr);
  CHECK(Headers().find("X") == nullptr);
}

TEST_CASE("headers: stay in order of arrival") {
  Headers headers{{"B", "1"}, {"A", "2"}};
  headers.add("B", "3");
  REQUIRE(headers.fields().size() == 3);
  CHECK(headers.fields()[0].first == "B");
  CHECK(headers.fields()[1].first == "A");
  CHECK(headers.fields()[2].second == "3");
}

TEST_CASE("response head: media type without parameters, lower case") {
  const auto [field, expected] = GENERATE(table<const char*, const char*>({
      {"application/json", "application/json"},
      {"Application/JSON; charset=utf-8", "application/json"},
      {" text/plain ;version=0.0.4", "text/plain"},
      {"application/vnd.kubernetes.protobuf;stream=watch", "application/vnd.kubernetes.protobuf"},
      {"", ""},
  }));
  CHECK(ResponseHead{200, {{"content-type", field}}}.media_type() == expected);
  CHECK(ResponseHead{200, {}}.media_type().empty());
}

TEST_CASE("methods: have their names of RFC 9110") {
  CHECK(method_name(Method::kGet) == "GET");
  CHECK(method_name(Method::kHead) == "HEAD");
  CHECK(method_name(Method::kPost) == "POST");
  CHECK(method_name(Method::kPut) == "PUT");
}

TEST_CASE("user agent: product, version and platform") {
  CHECK(user_agent().rfind("helm-lookout/", 0) == 0);
  CHECK(user_agent().find(" (linux/") != std::string::npos);
}

}  // namespace lookout::http
