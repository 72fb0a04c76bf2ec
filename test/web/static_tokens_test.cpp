#include "lookout/web/static_tokens.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::web;

namespace {

const std::string kFirst = "0123456789abcdef";
const std::string kSecond = "ZZZZ-zzzz_9999.~+/==";

}  // namespace

TEST_CASE("static tokens: one a line, with comments and space around") {
  const auto tokens =
      StaticTokens::parse("# scrapers\n\n  " + kFirst + "\t\r\n#" + kSecond + "x\n" + kSecond);
  REQUIRE(tokens.ok());
  CHECK(tokens->size() == 2);
  CHECK(tokens->contains(kFirst));
  CHECK(tokens->contains(kSecond));
  CHECK_FALSE(tokens->contains(kSecond + "x"));
  CHECK_FALSE(tokens->contains("#" + kSecond + "x"));
}

TEST_CASE("static tokens: there may be none") {
  const auto tokens = StaticTokens::parse(GENERATE("", "# nothing\n \n"));
  REQUIRE(tokens.ok());
  CHECK(tokens->size() == 0);
  CHECK_FALSE(tokens->contains(""));
}

TEST_CASE("static tokens: only the whole token is one") {
  const auto tokens = StaticTokens::parse(kFirst + "\n" + kSecond + "\n");
  REQUIRE(tokens.ok());
  for (const std::string& other :
       {std::string(), kFirst.substr(1), kFirst.substr(0, 15), kFirst + "0", kFirst + "\n",
        std::string("0123456789ABCDEF"), kFirst + "\n" + kSecond}) {
    CAPTURE(other);
    CHECK_FALSE(tokens->contains(other));
  }
  CHECK_FALSE(StaticTokens().contains(""));
}

TEST_CASE("static tokens: a bad line is named, never quoted") {
  const auto [text, message, code] = GENERATE(table<std::string, std::string, ErrorCode>({
      {kFirst + "\nsecret-short\n", "line 2: a token of less than 16 characters",
       ErrorCode::kMalformed},
      {"secret with several words", "line 1: a token with white space or control characters",
       ErrorCode::kMalformed},
      {"\nsecret-secret-\x7F-secret", "line 2: a token with white space or control characters",
       ErrorCode::kMalformed},
      {"secret-secret-caf\xC3\xA9", "line 1: a token with white space or control characters",
       ErrorCode::kMalformed},
      {std::string(4'097, 's'), "line 1: a token of more than 4096 characters",
       ErrorCode::kTooLarge},
  }));
  CAPTURE(text.substr(0, 40));
  CHECK(StaticTokens::parse(text).error() == Error{code, message});
}

TEST_CASE("static tokens: a thousand at most") {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += kFirst + std::to_string(i) + "\n";
  REQUIRE(StaticTokens::parse(text).ok());
  CHECK(StaticTokens::parse(text)->contains(kFirst + "999"));
  CHECK(StaticTokens::parse(text + kSecond).error().code == ErrorCode::kTooLarge);
}
