#include "src/web/html.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

using lookout::web::html_escape;

TEST_CASE("html escape: markup becomes text", "[web]") {
  CHECK(html_escape("<img src=x onerror=\"a('&')\">") ==
        "&lt;img src=x onerror=&quot;a(&#39;&amp;&#39;)&quot;&gt;");
}

TEST_CASE("html escape: other text stays as it is", "[web]") {
  const std::string text = GENERATE(values<std::string>(
      {"", "redis-1.2.3+build", "a\tb\nc", "caf\xc3\xa9", "\xe6\x97\xa5", "\xf0\x9f\x9a\x80"}));
  CHECK(html_escape(text) == text);
}

TEST_CASE("html escape: what could deceive is replaced", "[web]") {
  static const std::string kBad = "\xef\xbf\xbd";
  const auto [text, expected] = GENERATE_COPY(table<std::string, std::string>({
      {std::string("a\0b", 3), "a" + kBad + "b"},
      {"\x1b[31m", kBad + "[31m"},
      {"\x7f", kBad},
      {"\xc2\x85", kBad},                        // C1 control
      {"a\xe2\x80\xaegpj", "a" + kBad + "gpj"},  // right-to-left override
      {"\xe2\x81\xa6", kBad},                    // isolate
      {"\xff", kBad},
      {"\x80", kBad},
      {"\xc0\xbc", kBad + kBad},             // overlong '<'
      {"\xe0\x80\xbc", kBad + kBad + kBad},  // overlong '<'
      {"\xed\xa0\x80", kBad + kBad + kBad},  // surrogate
      {"\xf4\x90\x80\x80", kBad + kBad + kBad + kBad},
      {"\xe6\x97", kBad + kBad},  // cut
      {"\xe6<b", kBad + "&lt;b"},
  }));
  INFO(text);
  CHECK(html_escape(text) == expected);
}

TEST_CASE("html escape: no input yields markup or a quote", "[web]") {
  CHECK(rc::check([](const std::string& text) {
    RC_ASSERT(html_escape(text).find_first_of(std::string_view("<>\"'\0\r", 6)) ==
              std::string::npos);
  }));
}
