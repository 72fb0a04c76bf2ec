#include "src/metrics/text_format.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>

namespace lookout::metrics {
namespace {

std::string head(const FamilyHead& family, TextFormat format) {
  std::string out;
  append_head(out, family, format);
  return out;
}

}  // namespace

TEST_CASE("text format: heads differ between the formats for counters only") {
  const FamilyHead gauge{"a_info", "Help", FamilyType::kGauge};
  CHECK(head(gauge, TextFormat::kText004) == "# HELP a_info Help\n# TYPE a_info gauge\n");
  CHECK(head(gauge, TextFormat::kOpenMetrics100) == head(gauge, TextFormat::kText004));
  const FamilyHead counter{"b_total", "Help", FamilyType::kCounter};
  CHECK(head(counter, TextFormat::kText004) == "# HELP b_total Help\n# TYPE b_total counter\n");
  CHECK(head(counter, TextFormat::kOpenMetrics100) == "# HELP b Help\n# TYPE b counter\n");
  const FamilyHead unsuffixed{"c_errors", "Help", FamilyType::kCounter};
  CHECK(head(unsuffixed, TextFormat::kText004) ==
        "# HELP c_errors Help\n# TYPE c_errors counter\n");
  CHECK(head(unsuffixed, TextFormat::kOpenMetrics100) ==
        "# HELP c_errors Help\n# TYPE c_errors unknown\n");
}

TEST_CASE("text format: numbers are exact and read back") {
  const auto [value, text] = GENERATE(table<double, std::string>({
      {0, "0"},
      {-3, "-3"},
      {1.7e9, "1700000000"},
      {9007199254740991.0, "9007199254740991"},
      {9007199254740994.0, "9007199254740994"},
      {0.1, "0.1"},
      {0.0001, "0.0001"},
      {0.00025, "0.00025"},
      {0.00001, "1e-05"},
      {1700000000.25, "1700000000.25"},
      {-0.0005, "-0.0005"},
      {1e300, "1e+300"},
      {std::numeric_limits<double>::infinity(), "+Inf"},
      {-std::numeric_limits<double>::infinity(), "-Inf"},
      {std::nan(""), "NaN"},
  }));
  std::string out;
  append_number(out, value);
  CHECK(out == text);
  if (!std::isnan(value)) CHECK(std::stod(out) == value);
}

TEST_CASE("text format: integers of 64 bits are whole") {
  std::string out;
  append_number(out, std::numeric_limits<std::uint64_t>::max());
  append_number(out, std::numeric_limits<std::int64_t>::min());
  CHECK(out == "18446744073709551615-9223372036854775808");
}

TEST_CASE("text format: bounds always look like floats") {
  std::string out;
  for (const double bound : {1.0, 0.005, 0.00001, 60.0}) {
    append_bound(out, bound);
    out += ' ';
  }
  append_bound(out, std::numeric_limits<double>::infinity());
  CHECK(out == "1.0 0.005 1e-05 60.0 +Inf");
}

}  // namespace lookout::metrics
