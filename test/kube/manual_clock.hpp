// A clock that stands still until a test moves it. sleep() blocks until then. The waits
// for sleepers give up after ten real seconds; what the test checks next then fails.
// Thread-safe.
#pragma once

#include <cstddef>
#include <set>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"

namespace lookout::kube {

class ManualClock final : public Clock {
 public:
  MonoTime now() const override {
    MutexLock lock(mutex_);
    return now_;
  }
  WallTime wall_now() const override {
    MutexLock lock(mutex_);
    return WallTime(std::chrono::seconds(1'700'000'000)) + now_.time_since_epoch();
  }
  bool sleep(Duration duration, std::stop_token stop) const override {
    MutexLock lock(mutex_);
    const MonoTime until = now_ + duration;
    const auto sleeper = sleepers_.insert(until);
    changed_.notify_all();
    changed_.wait(mutex_, stop, [&]() LOCKED(mutex_) { return now_ >= until; });
    sleepers_.erase(sleeper);
    changed_.notify_all();
    return !stop.stop_requested();
  }

  void advance(Duration duration) {
    MutexLock lock(mutex_);
    now_ += duration;
    changed_.notify_all();
  }
  void wait_for_sleepers(std::size_t count) const {
    MutexLock lock(mutex_);
    changed_.wait_for(mutex_, kPatience,
                      [&]() LOCKED(mutex_) { return sleepers_.size() >= count; });
  }
  // Blocks until somebody sleeps until exactly then.
  void wait_for_sleep_until(MonoTime until) const {
    MutexLock lock(mutex_);
    changed_.wait_for(mutex_, kPatience,
                      [&]() LOCKED(mutex_) { return sleepers_.contains(until); });
  }
  // Moves to the end of the sleep that ends first, once there is one.
  void advance_to_next_sleep_end() {
    MutexLock lock(mutex_);
    changed_.wait_for(mutex_, kPatience, [&]() LOCKED(mutex_) { return !sleepers_.empty(); });
    if (!sleepers_.empty()) now_ = *sleepers_.begin();
    changed_.notify_all();
  }

 private:
  static constexpr std::chrono::seconds kPatience{10};

  mutable Mutex mutex_;
  mutable ConditionVariable changed_;
  MonoTime now_ GUARDED_BY(mutex_) = MonoTime(std::chrono::hours(1));
  mutable std::multiset<MonoTime> sleepers_ GUARDED_BY(mutex_);
};

}  // namespace lookout::kube
