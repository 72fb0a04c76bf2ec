#include "src/kube/backoff.hpp"

#include <algorithm>

namespace lookout::kube {

Duration Backoff::next(MonoTime now, double chance) {
  const bool calm = !last_delay_end_ || now - *last_delay_end_ >= options_.reset_after;
  base_ = calm ? options_.initial : std::min(base_ * 2, options_.cap);
  const double stretched = static_cast<double>(base_.count()) * (1.0 + options_.jitter * chance);
  const Duration delay(static_cast<Duration::rep>(stretched));
  last_delay_end_ = now + delay;
  return delay;
}

}  // namespace lookout::kube
