// When a repository is scanned next. Pure: time and chance are passed in.
//
//   after a success   `interval` after the scan began, at least kScanGap after it ended
//   after a failure   kRetryFirst after it ended (`interval` when that is shorter), twice that
//                     after the next, and so on up to kRetryMax (`interval` when that is longer);
//                     never before the server's Retry-After, of which kRetryAfterMax are obeyed
// Each delay is stretched or shortened by up to kScanJitter, so that the repositories of one
// server, and the pods of one fleet, drift apart.
#pragma once

#include <chrono>
#include <optional>

#include "lookout/base/clock.hpp"

namespace lookout::controllers {

inline constexpr double kScanJitter = 0.1;
inline constexpr std::chrono::seconds kScanGap{1};
inline constexpr std::chrono::seconds kRetryFirst{10};
inline constexpr std::chrono::minutes kRetryMax{5};
inline constexpr std::chrono::hours kRetryAfterMax{1};

struct EndedScan {
  MonoTime start;
  MonoTime end;
  unsigned failures = 0;    // in a row, this scan included; 0: it worked
  Duration retry_after{0};  // what the server asked for
};

// `interval` 0: once; nullopt after the first success. `chance` is uniform in [0, 1).
std::optional<MonoTime> next_scan(Duration interval, const EndedScan& scan, double chance);

}  // namespace lookout::controllers
