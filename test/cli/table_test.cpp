#include "src/cli/table.hpp"

#include <catch2/catch.hpp>

using namespace lookout::cli;

TEST_CASE("table: columns line up, the last is not padded") {
  CHECK(render_table({{"NAME", "N"}, {"a", "10"}}) == "NAME   N\na      10\n");
}

TEST_CASE("table: width counts characters, not bytes") {
  CHECK(render_table({{"\xc3\xa9\xc3\xa9", "x"}, {"ab", "y"}}) == "\xc3\xa9\xc3\xa9   x\nab   y\n");
}

TEST_CASE("table: escape sequences of a hostile name never reach the terminal") {
  CHECK(printable("a\x1b[2Jb\n\x7f") == "a?[2Jb??");
}
