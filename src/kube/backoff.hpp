// Exponential back-off with jitter, as client-go's reflector does it.
// Pure: time and chance are passed in. Not thread-safe.
#pragma once

#include <chrono>
#include <optional>

#include "lookout/base/clock.hpp"

namespace lookout::kube {

struct BackoffOptions {
  Duration initial = std::chrono::milliseconds(800);
  Duration cap = std::chrono::seconds(30);
  double jitter = 1.0;                             // a delay d becomes [d, d * (1 + jitter))
  Duration reset_after = std::chrono::minutes(2);  // of calm since the last delay ended
};

class Backoff {
 public:
  explicit Backoff(BackoffOptions options = {}) : options_(options) {}

  // The delay before the next attempt: doubles with each call up to the cap.
  // `chance` is uniform in [0, 1).
  Duration next(MonoTime now, double chance);

 private:
  BackoffOptions options_;
  Duration base_{0};
  std::optional<MonoTime> last_delay_end_;
};

}  // namespace lookout::kube
