#include "lookout/encoding/time.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <string>

namespace lookout::encoding {
namespace {

TEST_CASE("time: RFC 3339 as Go reads it, in Unix seconds") {
  const auto [text, seconds] = GENERATE(table<std::string, std::int64_t>({
      {"1970-01-01T00:00:00Z", 0},
      {"2024-03-01T10:11:12.123456789+01:00", 1'709'284'272},
      {"2024-03-01T10:11:12.9Z", 1'709'287'872},
      {"2024-03-01T10:11:12,9Z", 1'709'287'872},
      {"2024-03-01T10:11:12.1234567890123456789Z", 1'709'287'872},
      {"2024-02-29T23:59:59-05:30", 1'709'270'999},
      {"1969-12-31T23:59:59.5Z", -1},
      {"0001-01-01T00:00:00Z", -62'135'596'800},
      {"0000-02-29T00:00:00Z", -62'162'121'600},
      {"9999-12-31T23:59:59Z", 253'402'300'799},
      {"2024-03-01T1:11:12Z", 1'709'255'472},
      {"2024-03-01T00:00:00+24:60", 1'709'161'200},
      {"2024-03-01T00:00:00-00:00", 1'709'251'200},
  }));
  CAPTURE(text);
  CHECK(parse_rfc3339(text) == seconds);
}

TEST_CASE("time: anything else is none") {
  const std::string text = GENERATE(
      as<std::string>{}, "", "2024", "2024-03-01", "2024-03-01T10:11:12", "2024-03-01 10:11:12Z",
      "2024-03-01t10:11:12Z", "2024-03-01T10:11:12z", "2024-03-01T10:11:12.Z",
      "2024-03-01T10:11:12.5", "2024-03-01T24:00:00Z", "2024-03-01T10:60:00Z",
      "2024-03-01T10:11:60Z", "2024-13-01T10:11:12Z", "2024-00-01T10:11:12Z",
      "2024-03-00T10:11:12Z", "2023-02-29T10:11:12Z", "2024-04-31T10:11:12Z",
      "2024-03-01T10:11:12+25:00", "2024-03-01T10:11:12+01:61", "2024-03-01T10:11:12+0100",
      "2024-03-01T10:11:12x01:00", "2024-03-01T10:11:12Z ", " 2024-03-01T10:11:12Z",
      "-024-03-01T10:11:12Z", "12024-03-01T10:11:12Z", "2024-3-01T10:11:12Z", "2024-03-01T:11:12Z",
      "2024-03-01T10:1:12Z", "2024-03-01T10:11:12+01");
  CAPTURE(text);
  CHECK_FALSE(parse_rfc3339(text).has_value());
}

TEST_CASE("time: a NUL in place of the sign is none") {
  CHECK_FALSE(parse_rfc3339(std::string("2024-03-01T10:11:12\0"
                                        "01:00",
                                        25))
                  .has_value());
  CHECK_FALSE(parse_rfc3339(std::string("2024-03-01T10:11:12Z\0", 21)).has_value());
}

TEST_CASE("time: format is read back, for any second of years 0 to 9999") {
  CHECK(format_rfc3339(1'709'284'272) == "2024-03-01T09:11:12Z");
  CHECK(format_rfc3339(-62'135'596'800) == "0001-01-01T00:00:00Z");
  CHECK(rc::check([] {
    const auto seconds = *rc::gen::inRange<std::int64_t>(-62'167'219'200, 253'402'300'800);
    RC_ASSERT(parse_rfc3339(format_rfc3339(seconds)) == seconds);
  }));
}

}  // namespace
}  // namespace lookout::encoding
