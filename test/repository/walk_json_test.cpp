#include "src/repository/walk_json.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lookout;
using namespace lookout::repository;

namespace {

std::string shown(const JsonValue& value) {
  if (const auto* const text = std::get_if<std::string_view>(&value)) return std::string(*text);
  if (const auto* const flag = std::get_if<bool>(&value)) return *flag ? "yes" : "no";
  if (const auto* const number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (std::holds_alternative<double>(value)) return "double";
  return std::holds_alternative<JsonNull>(value) ? "null" : "container";
}

// "a.b=value" of each visit.
std::vector<std::string> visits(std::string_view text) {
  std::vector<std::string> all;
  const auto walked = walk_json(text, [&](JsonPath path, const JsonValue& value) {
    std::string line;
    for (const std::string& key : path) line += key + ".";
    all.push_back(line + "=" + shown(value));
  });
  CHECK(walked.ok());
  return all;
}

}  // namespace

TEST_CASE("walk_json: visits containers and values in order, with their path") {
  CHECK(visits(R"({"a": [1, {"b": "x"}, []], "c": null, "c": true, "d": 1.5})") ==
        std::vector<std::string>{"=container", "a.=container", "a..=1", "a..=container", "a..b.=x",
                                 "a..=container", "c.=null", "c.=yes", "d.=double"});
}

TEST_CASE("walk_json: numbers keep what they can") {
  CHECK(visits("[-1, 9223372036854775807, 18446744073709551615]") ==
        std::vector<std::string>{"=container", ".=-1", ".=9223372036854775807", ".=double"});
}

TEST_CASE("walk_json: what is no JSON is malformed and not quoted") {
  const std::string text =
      GENERATE(as<std::string>(), "", " ", "{", "{\"canary\": tru}", "{\"a\": \"canary", "[1,]",
               "{} {}", "\"\xff\"", "1e999", "{'a': 1}", "<html>canary</html>");
  CAPTURE(text);
  const auto walked = walk_json(text, [](JsonPath, const JsonValue&) {});
  REQUIRE_FALSE(walked.ok());
  CHECK(walked.error().code == ErrorCode::kMalformed);
  CHECK(walked.error().message.find("canary") == std::string::npos);
}

TEST_CASE("walk_json: depth is bounded") {
  const auto nested = [](std::size_t depth) {
    return walk_json(std::string(depth, '[') + std::string(depth, ']'),
                     [](JsonPath, const JsonValue&) {});
  };
  CHECK(nested(kJsonDepthMax).ok());
  CHECK_FALSE(nested(kJsonDepthMax + 1).ok());
  CHECK_FALSE(nested(1'000'000).ok());
}
