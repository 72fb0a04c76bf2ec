#include "lookout/encoding/time.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>

namespace lookout::encoding {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Consumes a text from its front; the first mismatch makes it fail for good.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  int digits(std::size_t count, int min, int max) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = next();
      if (!is_digit(c)) ok_ = false;
      value = value * 10 + (c - '0');
    }
    if (value < min || value > max) ok_ = false;
    return value;
  }
  void literal(char wanted) {
    if (next() != wanted) ok_ = false;
  }
  char next() {
    if (rest_.empty()) {
      ok_ = false;
      return '\0';
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  void fail() { ok_ = false; }
  char peek(std::size_t ahead = 0) const { return ahead < rest_.size() ? rest_[ahead] : '\0'; }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

void skip_fraction(Cursor& cursor) {
  if ((cursor.peek() != '.' && cursor.peek() != ',') || !is_digit(cursor.peek(1))) return;
  cursor.next();
  while (is_digit(cursor.peek())) cursor.next();
}

// Seconds east of UTC. Go lets 24 hours and 60 minutes pass.
int zone_offset(Cursor& cursor) {
  const char sign = cursor.next();
  if (sign == 'Z') return 0;
  const int hours = cursor.digits(2, 0, 24);
  cursor.literal(':');
  const int minutes = cursor.digits(2, 0, 60);
  if (sign == '+') return (hours * 60 + minutes) * 60;
  if (sign != '-') cursor.fail();
  return -(hours * 60 + minutes) * 60;
}

}  // namespace

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  Cursor cursor(text);
  const int year = cursor.digits(4, 0, 9999);
  cursor.literal('-');
  const int month = cursor.digits(2, 1, 12);
  cursor.literal('-');
  const int day = cursor.digits(2, 1, 31);
  cursor.literal('T');
  // Go reads an hour of one digit too.
  const int hour = cursor.digits(is_digit(cursor.peek(1)) ? 2 : 1, 0, 23);
  cursor.literal(':');
  const int minute = cursor.digits(2, 0, 59);
  cursor.literal(':');
  const int second = cursor.digits(2, 0, 59);
  skip_fraction(cursor);
  const int offset = zone_offset(cursor);
  if (!cursor.ok() || !cursor.at_end()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days{date}.time_since_epoch().count();
  return static_cast<std::int64_t>(days) * 86'400 + hour * 3600 + minute * 60 + second - offset;
}

WallTime wall_time(std::int64_t unix_seconds) {
  constexpr std::int64_t kSecondsMax = 9'000'000'000;  // of the 9'223'372'036 that fit
  return WallTime(std::chrono::seconds(std::clamp(unix_seconds, -kSecondsMax, kSecondsMax)));
}

std::string format_rfc3339(std::int64_t unix_seconds) {
  const std::chrono::sys_seconds time{std::chrono::seconds{unix_seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace lookout::encoding
