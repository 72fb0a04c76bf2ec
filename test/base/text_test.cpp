#include "lookout/base/text.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <tuple>

using namespace lookout;

TEST_CASE("text: quoting escapes what a terminal or a log could trip over") {
  CHECK(quote_bounded("plain") == "\"plain\"");
  CHECK(quote_bounded("a\"b\\c") == R"("a\"b\\c")");
  CHECK(quote_bounded(std::string_view("\x1b[2J\0\n", 6)) == R"("\x1b[2J\x00\x0a")");
  CHECK(quote_bounded("\xc3\xa9") == R"("\xc3\xa9")");
}

TEST_CASE("text: quoting cuts long text and says so") {
  CHECK(quote_bounded(std::string(64, 'a')) == "\"" + std::string(64, 'a') + "\"");
  CHECK(quote_bounded(std::string(65, 'a')) == "\"" + std::string(64, 'a') + "...\"");
  CHECK(quote_bounded("abcdef", 2) == "\"ab...\"");
}

TEST_CASE("text: a secret is masked wherever it is repeated, cut at the end too") {
  CHECK(mask_secret("a opensesame b opensesameopensesame", "opensesame") ==
        "a ********** b ********************");
  CHECK(mask_secret("said \"opensesa\"", "opensesame") == "said \"********\"");
  CHECK(mask_secret("opensesa", "opensesame") == "********");
  CHECK(mask_secret("opensea", "opensesame") == "opensea");
  CHECK(mask_secret("the and then", "the") == "the and then");
  CHECK(mask_secret("", "opensesame").empty());
}

TEST_CASE("text: splitting keeps empty parts") {
  using Parts = std::vector<std::string_view>;
  CHECK(split("a,b", ',') == Parts{"a", "b"});
  CHECK(split("", ',') == Parts{""});
  CHECK(split(",a,", ',') == Parts{"", "a", ""});
}

TEST_CASE("text: trimming takes ASCII white space only") {
  CHECK(trim(" \t\r\n a b \n") == "a b");
  CHECK(trim(" \n") == "");
  CHECK(trim("\xc2\xa0x") == "\xc2\xa0x");
}

TEST_CASE("text: case folds in ASCII only") {
  CHECK(equals_ignoring_case("Content-Type", "content-TYPE"));
  CHECK_FALSE(equals_ignoring_case("ab", "abc"));
  CHECK_FALSE(equals_ignoring_case("\xc3\x89", "\xc3\xa9"));
  CHECK(to_lower("GzIp") == "gzip");
}

TEST_CASE("text: a number is the whole text or nothing") {
  CHECK(parse_number<std::uint32_t>("42") == 42U);
  CHECK(parse_number<std::uint32_t>("0042") == 42U);
  CHECK(parse_number<int>("-1") == -1);
  const auto* bad = GENERATE("", " 1", "1 ", "+1", "-1", "1.0", "1e3", "4294967296", "x");
  CAPTURE(bad);
  CHECK_FALSE(parse_number<std::uint32_t>(bad).has_value());
}
