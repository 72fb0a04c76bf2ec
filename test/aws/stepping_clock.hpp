// A clock that stands still but for sleeps, which end at once and move it. Thread-safe.
#pragma once

#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"

namespace lookout::aws {

class SteppingClock final : public Clock {
 public:
  MonoTime now() const override {
    MutexLock lock(mutex_);
    return MonoTime(std::chrono::hours(1)) + passed_;
  }
  WallTime wall_now() const override {
    MutexLock lock(mutex_);
    return kStart + std::chrono::duration_cast<WallTime::duration>(passed_);
  }
  bool sleep(Duration duration, std::stop_token stop) const override {
    MutexLock lock(mutex_);
    sleeps_.push_back(duration);
    passed_ += duration;
    return !stop.stop_requested();
  }

  void advance(Duration duration) {
    MutexLock lock(mutex_);
    passed_ += duration;
  }
  std::vector<Duration> sleeps() const {
    MutexLock lock(mutex_);
    return sleeps_;
  }

  // 2023-11-14T22:13:20Z
  static constexpr WallTime kStart{std::chrono::seconds(1'700'000'000)};

 private:
  mutable Mutex mutex_;
  mutable Duration passed_ GUARDED_BY(mutex_){0};
  mutable std::vector<Duration> sleeps_ GUARDED_BY(mutex_);
};

}  // namespace lookout::aws
