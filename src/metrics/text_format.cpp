#include "src/metrics/text_format.hpp"

#include <array>
#include <cmath>
#include <cstdint>

namespace lookout::metrics {
namespace {

constexpr std::string_view kTotal = "_total";

// HELP texts are our own and escaped where they are written: one line, no backslash.
void append_line(std::string& out, std::string_view keyword, std::string_view name,
                 std::string_view text) {
  out += keyword;
  out += name;
  out += ' ';
  out += text;
  out += '\n';
}

}  // namespace

std::string_view family_type_name(FamilyType type) {
  static constexpr std::array<std::string_view, 3> kNames = {"gauge", "counter", "histogram"};
  return kNames[static_cast<std::size_t>(type)];
}

void append_head(std::string& out, const FamilyHead& head, TextFormat format) {
  std::string_view name = head.name;
  std::string_view type = family_type_name(head.type);
  if (format == TextFormat::kOpenMetrics100 && head.type == FamilyType::kCounter) {
    if (name.ends_with(kTotal)) {
      name.remove_suffix(kTotal.size());
    } else {
      type = "unknown";
    }
  }
  append_line(out, "# HELP ", name, head.help);
  append_line(out, "# TYPE ", name, type);
}

void append_number(std::string& out, double value) {
  static constexpr double kExactIntegers = 9007199254740992.0;  // 2^53
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else if (std::fabs(value) < kExactIntegers && value == std::trunc(value)) {
    append_number(out, static_cast<std::int64_t>(value));
  } else {
    // As Go writes floats: an exponent only below 1e-4, where to_chars alone prefers it sooner.
    const double size = std::fabs(value);
    const bool fixed = size >= 1e-4 && size < 1e15;
    char digits[32];
    const auto [end, error] =
        fixed ? std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed)
              : std::to_chars(digits, digits + sizeof digits, value);
    static_cast<void>(error);  // the shortest form of such a double needs 24 bytes at most
    out.append(digits, end);
  }
}

void append_bound(std::string& out, double bound) {
  const std::size_t begin = out.size();
  append_number(out, bound);
  if (out.find_first_of(".eI", begin) == std::string::npos) out += ".0";
}

}  // namespace lookout::metrics
