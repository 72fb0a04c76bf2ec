// What became of scans, for metrics. Written by the scanners, read by metrics. All members are
// thread-safe.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>

#include "lookout/base/mutex.hpp"
#include "lookout/base/stats.hpp"

namespace lookout::state {

// Seconds: 10 ms to 60 s, for scans.
inline constexpr std::array<double, 11> kScanSecondsBounds = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                                              1,    2.5,   10,   30,  60};
// prometheus.DefBuckets, as Helm S3 Exporter's histogram has them.
inline constexpr std::array<double, 11> kDefaultSecondsBounds = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

struct RepositoryStats {
  static constexpr std::size_t kErrorTypesMax = 19;

  Counter success;
  Counter unchanged;
  Counter errors;
  std::array<Counter, kErrorTypesMax> errors_by_type;  // by repository::ScanErrorType
  Histogram sync_seconds{kScanSecondsBounds};          // successes and failures
  Histogram s3_scrape_seconds{kDefaultSecondsBounds};  // S3 repositories: helm_s3_scrape_duration
};

}  // namespace lookout::state
