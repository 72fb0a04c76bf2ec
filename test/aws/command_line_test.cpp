#include "src/aws/command_line.hpp"

#include <catch2/catch.hpp>

namespace lookout::aws {
namespace {

using Words = std::vector<std::string>;

// What shlex.split of Python 3.11 makes of them.
TEST_CASE("command line: words as shlex splits them") {
  const auto [text, words] = GENERATE(table<std::string, Words>({
      {"", {}},
      {"  \t\n", {}},
      {"a b  c\td", {"a", "b", "c", "d"}},
      {"/opt/my\\ tool --x", {"/opt/my tool", "--x"}},
      {"'single \"quoted\" \\n' x", {"single \"quoted\" \\n", "x"}},
      {"\"double \\\"q\\\" \\\\ \\n $HOME\"", {"double \"q\" \\ \\n $HOME"}},
      {"a'b'\"c\"d", {"abcd"}},
      {"'' \"\" x", {"", "", "x"}},
      {"a#b #c", {"a#b", "#c"}},
      {"a;b | c && d > e", {"a;b", "|", "c", "&&", "d", ">", "e"}},
      {"C:\\\\tool.exe", {"C:\\tool.exe"}},
  }));
  const auto split = split_command_line(text);
  REQUIRE(split.ok());
  CHECK(*split == words);
}

TEST_CASE("command line: quotations and escapes have an end") {
  const std::string text = GENERATE(as<std::string>{}, "'a", "\"a", "a\\", "\"a\\\"", "a 'b' '");
  const auto split = split_command_line(text);
  REQUIRE_FALSE(split.ok());
  CHECK(split.error().code == ErrorCode::kInvalid);
}

}  // namespace
}  // namespace lookout::aws
