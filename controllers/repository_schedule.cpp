#include "controllers/repository_schedule.hpp"

#include <algorithm>

namespace lookout::controllers {
namespace {

Duration with_jitter(Duration delay, double chance) {
  const double factor = 1.0 + kScanJitter * (2.0 * chance - 1.0);
  return Duration(static_cast<Duration::rep>(static_cast<double>(delay.count()) * factor));
}

Duration retry_delay(Duration interval, unsigned failures) {
  const Duration longest = std::max<Duration>(interval, kRetryMax);
  Duration delay = kRetryFirst;
  if (interval > Duration(0)) delay = std::min(delay, interval);
  for (unsigned i = 1; i < failures && delay < longest; ++i) delay *= 2;
  return std::min(delay, longest);
}

}  // namespace

std::optional<MonoTime> next_scan(Duration interval, const EndedScan& scan, double chance) {
  if (scan.failures > 0) {
    const Duration delay = with_jitter(retry_delay(interval, scan.failures), chance);
    return scan.end + std::max(delay, std::min<Duration>(scan.retry_after, kRetryAfterMax));
  }
  if (interval <= Duration(0)) return std::nullopt;
  return std::max(scan.start + with_jitter(interval, chance), scan.end + Duration(kScanGap));
}

}  // namespace lookout::controllers
