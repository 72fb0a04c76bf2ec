// A clock for what waits between its attempts: sleeps shorter than kPatience pass at once and
// show in now(), longer ones (the deadline of a scan) last until expire(). Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"

namespace lookout::repository {

class BackoffClock final : public Clock {
 public:
  static constexpr std::chrono::seconds kPatience{29};

  MonoTime now() const override {
    MutexLock lock(mutex_);
    return now_;
  }
  WallTime wall_now() const override {
    return WallTime(std::chrono::seconds(1'700'000'000)) + now().time_since_epoch();
  }
  bool sleep(Duration duration, std::stop_token stop) const override {
    MutexLock lock(mutex_);
    const MonoTime until = now_ + duration;
    if (duration < kPatience) {
      now_ = until;
      return !stop.stop_requested();
    }
    ++sleepers_;
    changed_.notify_all();
    changed_.wait(mutex_, stop, [&]() LOCKED(mutex_) { return now_ >= until; });
    --sleepers_;
    return !stop.stop_requested();
  }

  // Ends the sleeps that last, once there is one; gives up after ten real seconds.
  void expire(Duration duration) {
    MutexLock lock(mutex_);
    changed_.wait_for(mutex_, std::chrono::seconds(10),
                      [&]() LOCKED(mutex_) { return sleepers_ > 0; });
    now_ += duration;
    changed_.notify_all();
  }

 private:
  mutable Mutex mutex_;
  mutable ConditionVariable changed_;
  mutable MonoTime now_ GUARDED_BY(mutex_) = MonoTime(std::chrono::hours(1));
  mutable std::size_t sleepers_ GUARDED_BY(mutex_) = 0;
};

}  // namespace lookout::repository
