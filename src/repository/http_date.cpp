#include "src/repository/http_date.hpp"

#include <algorithm>
#include <array>

#include "lookout/base/text.hpp"

namespace lookout::repository {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::optional<WallTime> parse_http_date(std::string_view text) {
  const auto parts = split(trim(text), ' ');
  if (parts.size() != 6 || parts[5] != "GMT") return std::nullopt;
  const auto clock = split(parts[4], ':');
  const auto month = std::find(kMonths.begin(), kMonths.end(), parts[2]);
  if (clock.size() != 3 || month == kMonths.end()) return std::nullopt;
  const auto day = parse_number<unsigned>(parts[1]);
  const auto year = parse_number<int>(parts[3]);
  const auto hour = parse_number<unsigned>(clock[0]);
  const auto minute = parse_number<unsigned>(clock[1]);
  const auto second = parse_number<unsigned>(clock[2]);
  if (!day || !year || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  // What the wall clock's nanoseconds can hold.
  if (*year < 1970 || *year > 2200) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(*year),
      std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
      std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace lookout::repository
