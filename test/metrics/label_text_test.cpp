#include "src/metrics/label_text.hpp"

#include <catch2/catch.hpp>

#include <tuple>

namespace lookout::metrics {
namespace {

std::string escaped(std::string_view value, std::size_t bytes_max = 1024) {
  std::string out;
  append_label_value(out, value, bytes_max);
  return out;
}

}  // namespace

TEST_CASE("label text: backslash, quote and newline are escaped, nothing else") {
  CHECK(escaped("plain-1.2_3/x+y") == "plain-1.2_3/x+y");
  CHECK(escaped("a\\b\"c\nd") == R"(a\\b\"c\nd)");
  CHECK(escaped(std::string("\0\t\r\x7f", 4)) == std::string("\0\t\r\x7f", 4));
  CHECK(escaped("") == "");
}

TEST_CASE("label text: every byte that belongs to no character becomes U+FFFD") {
  const auto [value, replaced] = GENERATE(table<std::string, std::size_t>({
      {"\x80", 1},              // continuation alone
      {"\xC0\xAF", 2},          // overlong '/'
      {"\xE0\x80\xAF", 3},      // overlong
      {"\xF0\x80\x80\xAF", 4},  // overlong
      {"\xED\xA0\x80", 3},      // surrogate
      {"\xF4\x90\x80\x80", 4},  // beyond U+10FFFF
      {"\xE2\x82", 2},          // cut
      {"\xFF", 1},
      {"\xC3(", 1},  // the byte after it stays
  }));
  std::string expected;
  for (std::size_t i = 0; i < replaced; ++i) expected += "\xEF\xBF\xBD";
  if (value.back() == '(') expected += '(';
  CHECK(escaped(value) == expected);
}

TEST_CASE("label text: characters of every length pass") {
  const std::string value = "aä€😀\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF";
  CHECK(escaped(value) == value);
}

TEST_CASE("label text: long values are cut between characters") {
  std::string out;
  CHECK(append_label_value(out, "abcd", 4) == LabelCut::kNone);
  CHECK(append_label_value(out, "abcde", 4) == LabelCut::kCut);
  CHECK(out == "abcdabcd");
  CHECK(escaped("ab€", 5) == "ab€");
  CHECK(escaped("ab€", 4) == "ab");
  CHECK(escaped("\"\"\"", 2) == R"(\"\")");
  CHECK(escaped("\xFF\xFF", 5) == "\xEF\xBF\xBD");
}

}  // namespace lookout::metrics
