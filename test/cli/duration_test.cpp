#include "src/cli/duration.hpp"

#include <catch2/catch.hpp>

using namespace lookout::cli;
using namespace std::chrono_literals;

TEST_CASE("duration: as Go writes them") {
  const auto [text, expected] = GENERATE(
      table<const char*, std::chrono::milliseconds>({{"0", 0ms},
                                                     {"0s", 0ms},
                                                     {"500ms", 500ms},
                                                     {"30s", 30s},
                                                     {"5m", 5min},
                                                     {"5m0s", 5min},
                                                     {"1h30m", 90min},
                                                     {"1h0m0s", 1h},
                                                     {"999h59m59s999ms", 3'599'999'999ms}}));
  CAPTURE(text);
  CHECK(parse_duration(text) == expected);
}

TEST_CASE("HRE-9: a duration that is none, or negative, is refused") {
  const char* text =
      GENERATE("", "5", "-5m", "+5m", "5 m", "m", "5m5", "1s1m", "1m1m", "1.5h", "5d", "1000h",
               "99999999999999999999s", "10000000000s", "0x5s", " 5s", "5s ", "ms5", "5sm");
  CAPTURE(text);
  CHECK(parse_duration(text) == std::nullopt);
}
