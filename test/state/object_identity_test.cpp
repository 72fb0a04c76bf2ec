#include "src/state/object_identity.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace lookout::state {

TEST_CASE("uid: a UUID is kept exactly") {
  const std::string text = "0123abcd-4567-89ef-0246-8ace13579bdf";
  const Uid uid = parse_uid(text);
  CHECK(uid.high == 0x0123abcd456789efULL);
  CHECK(uid.low == 0x02468ace13579bdfULL);
  CHECK(format_uid(uid) == text);
}

TEST_CASE("uid: any other text is told apart and survives its UUID form") {
  const std::string text =
      GENERATE(as<std::string>{}, "", "uid-1", "0123ABCD-4567-89ef-0246-8ace13579bdf",
               "0123abcd04567-89ef-0246-8ace13579bdf", "0123abcd-4567-89ef-0246-8ace13579bdg");
  const Uid uid = parse_uid(text);
  CHECK_FALSE(uid == parse_uid(text + "x"));
  CHECK_FALSE(uid == parse_uid("0123abcd-4567-89ef-0246-8ace13579bdf"));
  CHECK(parse_uid(format_uid(uid)) == uid);
}

TEST_CASE("resource version: a decimal number, else 0") {
  CHECK(parse_resource_version("18446744073709551615") == 18446744073709551615ULL);
  CHECK(parse_resource_version("42") == 42);
  CHECK(parse_resource_version("18446744073709551616") == 0);
  CHECK(parse_resource_version("") == 0);
  CHECK(parse_resource_version("abc") == 0);
}

}  // namespace lookout::state
