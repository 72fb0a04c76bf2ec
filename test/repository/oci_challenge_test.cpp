#include "src/repository/oci_challenge.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace lookout;
using namespace lookout::repository;

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("challenges: what registries send") {
  const auto [field, expected] = GENERATE(table<std::string, std::vector<Challenge>>({
      {R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io",)"
       R"(scope="repository:a/b:pull,push")",
       {{"bearer",
         {{"realm", "https://auth.docker.io/token"},
          {"service", "registry.docker.io"},
          {"scope", "repository:a/b:pull,push"}}}}},
      {"Basic realm=\"Registry Realm\"", {{"basic", {{"realm", "Registry Realm"}}}}},
      {"BASIC", {{"basic", {}}}},
      {"Basic realm=plain , charset=\"UTF-8\"",
       {{"basic", {{"realm", "plain"}, {"charset", "UTF-8"}}}}},
      {R"(bearer Realm = "a\"b\\c")", {{"bearer", {{"realm", "a\"b\\c"}}}}},
      {R"(Basic realm="x", Bearer realm="y",service=z, Digest)",
       {{"basic", {{"realm", "x"}}},
        {"bearer", {{"realm", "y"}, {"service", "z"}}},
        {"digest", {}}}},
      {R"(Negotiate YIIab+/==, Basic realm="x")", {{"negotiate", {}}, {"basic", {{"realm", "x"}}}}},
      {R"(, ,Basic realm="x",,)", {{"basic", {{"realm", "x"}}}}},
      {"", {}},
  }));
  CAPTURE(field);
  CHECK(parse_challenges(field) == expected);
}

TEST_CASE("challenges: damage ends a field, what stood before it counts") {
  const auto [field, expected] = GENERATE(table<std::string, std::vector<Challenge>>({
      {R"(Bearer realm="https://x/t",service="cut)", {{"bearer", {{"realm", "https://x/t"}}}}},
      {R"(Bearer realm="a" service="b")", {{"bearer", {{"realm", "a"}}}}},
      {R"(Basic realm="x", =y, Bearer realm="z")", {{"basic", {{"realm", "x"}}}}},
      {"Bearer realm=", {{"bearer", {}}}},
      {"\"Basic\"", {}},
      {"Basic\x01realm=x", {}},
  }));
  CAPTURE(field);
  CHECK(parse_challenges(field) == expected);
}

TEST_CASE("challenges: bounded in length, number and parameters") {
  CHECK(parse_challenges("Basic realm=\"" + std::string(2 * kChallengeBytesMax, 'x') + "\"") ==
        std::vector<Challenge>{{"basic", {}}});
  std::string many;
  for (int i = 0; i < 100; ++i) many += "S" + std::to_string(i) + ", ";
  CHECK(parse_challenges(many).size() == kChallengesMax);
  std::string wide = "Basic a=0";
  for (int i = 0; i < 100; ++i) wide += ",a" + std::to_string(i) + "=1";
  CHECK(parse_challenges(wide).at(0).parameters.size() == kChallengeParametersMax);
}

TEST_CASE("challenges: all fields of a header count, Bearer before Basic") {
  const http::Headers headers{{"WWW-Authenticate", "Basic realm=\"x\""},
                              {"Content-Type", "text/html"},
                              {"www-authenticate", "Bearer realm=\"https://y/\""}};
  const auto challenges = challenges_of(headers);
  REQUIRE(challenges.size() == 2);
  CHECK(choose_challenge(challenges)->parameter("realm") == "https://y/");
  CHECK(choose_challenge({challenges[0]})->scheme == "basic");
}

TEST_CASE("challenges: a Bearer without a realm and unknown schemes are not answered") {
  CHECK_FALSE(choose_challenge(parse_challenges("Bearer service=x, Negotiate")));
  CHECK(choose_challenge(parse_challenges("Bearer service=x, Basic"))->scheme == "basic");
  CHECK_FALSE(choose_challenge({}));
}
