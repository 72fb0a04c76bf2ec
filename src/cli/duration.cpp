#include "src/cli/duration.hpp"

#include <array>
#include <cstdint>

#include "lookout/base/text.hpp"

namespace lookout::cli {
namespace {

constexpr std::uint32_t kCountMax = 10'000'000;
constexpr std::chrono::hours kDurationEnd{1'000};

struct Unit {
  std::string_view name;
  std::chrono::milliseconds length;
};
constexpr std::array<Unit, 4> kUnits = {{{"h", std::chrono::hours(1)},
                                         {"m", std::chrono::minutes(1)},
                                         {"s", std::chrono::seconds(1)},
                                         {"ms", std::chrono::milliseconds(1)}}};

// The front of `text` up to where `in_part` ends.
template <class Predicate>
std::string_view take_while(std::string_view& text, Predicate in_part) {
  std::size_t size = 0;
  while (size < text.size() && in_part(text[size])) ++size;
  const std::string_view out = text.substr(0, size);
  text.remove_prefix(size);
  return out;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text == "0") return std::chrono::milliseconds(0);
  std::chrono::milliseconds sum{0};
  std::size_t unit = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const auto count = parse_number<std::uint32_t>(take_while(text, is_digit));
    const auto name = take_while(text, [&](char c) { return !is_digit(c); });
    while (unit < kUnits.size() && kUnits[unit].name != name) ++unit;
    if (!count || *count > kCountMax || unit == kUnits.size()) return std::nullopt;
    sum += *count * kUnits[unit++].length;
  }
  if (sum >= kDurationEnd) return std::nullopt;
  return sum;
}

}  // namespace lookout::cli
