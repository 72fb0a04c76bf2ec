// The parts of the two text formats that do not depend on where samples come from.
//   text 0.0.4:      prometheus.io/docs/instrumenting/exposition_formats
//   OpenMetrics 1.0: github.com/OpenObservability/OpenMetrics
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

#include "lookout/metrics/exposition.hpp"

namespace lookout::metrics {

enum class FamilyType { kGauge, kCounter, kHistogram };
std::string_view family_type_name(FamilyType type);  // "gauge", "counter", "histogram"

// What stands above a family's samples and in docs/metrics.md.
struct FamilyHead {
  std::string_view name;  // a counter's with its _total
  std::string_view help;
  FamilyType type = FamilyType::kGauge;
};

// "# HELP" and "# TYPE". OpenMetrics names a counter without _total, and a counter that has
// none is `unknown` there, since its samples would need one.
void append_head(std::string& out, const FamilyHead& head, TextFormat format);

inline constexpr std::string_view kOpenMetricsEnd = "# EOF\n";

template <std::integral N>
void append_number(std::string& out, N value) {
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  static_cast<void>(error);  // 24 bytes hold every 64 bit integer
  out.append(digits, end);
}
// Whole numbers below 2^53 as integers, others in the shortest form that reads back.
void append_number(std::string& out, double value);
// As OpenMetrics wants `le`: always with a fraction or exponent, "+Inf".
void append_bound(std::string& out, double bound);

}  // namespace lookout::metrics
