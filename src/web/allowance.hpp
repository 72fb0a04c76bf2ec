// So many a second, with a reserve for bursts (a token bucket). Pure; not thread-safe.
#pragma once

#include <algorithm>

#include "lookout/base/clock.hpp"

namespace lookout::web {

class Allowance {
 public:
  Allowance(double per_second, double burst, MonoTime now)
      : per_second_(per_second), burst_(burst), left_(burst), at_(now) {}

  // false: used up.
  bool take(MonoTime now) {
    const double seconds = std::chrono::duration<double>(now - at_).count();
    left_ = std::min(burst_, left_ + std::max(0.0, seconds) * per_second_);
    at_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  const double per_second_;
  const double burst_;
  double left_;
  MonoTime at_;
};

}  // namespace lookout::web
