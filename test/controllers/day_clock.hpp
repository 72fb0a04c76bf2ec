// A clock for whole days: it stands still while anybody works, and moves to the end of the next
// sleep once all of the threads that a test counts on sleep. Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <iterator>
#include <map>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"

namespace lookout::controllers {

class DayClock final : public Clock {
 public:
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
    ConditionVariable due;
    const auto sleeper = sleepers_.emplace(until, &due);
    asleep_.notify_all();
    due.wait(mutex_, stop, [&]() LOCKED(mutex_) { return now_ >= until; });
    sleepers_.erase(sleeper);
    return !stop.stop_requested();
  }

  // False when `threads` do not all fall asleep within a real minute.
  bool advance_to_next_sleep_end(std::size_t threads) {
    MutexLock lock(mutex_);
    const bool asleep = asleep_.wait_for(mutex_, std::chrono::seconds(60),
                                         [&]() LOCKED(mutex_) { return ahead() == threads; });
    if (!asleep || threads == 0) return false;
    now_ = sleepers_.upper_bound(now_)->first;
    // Only those: to wake the others thousands of times takes longer than the day.
    const auto [first, last] = sleepers_.equal_range(now_);
    for (auto sleeper = first; sleeper != last; ++sleeper) sleeper->second->notify_all();
    return true;
  }

 private:
  // Sleepers that are not about to wake.
  std::size_t ahead() const LOCKED(mutex_) {
    return static_cast<std::size_t>(std::distance(sleepers_.upper_bound(now_), sleepers_.end()));
  }

  mutable Mutex mutex_;
  mutable ConditionVariable asleep_;  // another one is
  MonoTime now_ GUARDED_BY(mutex_) = MonoTime(std::chrono::hours(1));
  mutable std::multimap<MonoTime, ConditionVariable*> sleepers_ GUARDED_BY(mutex_);
};

}  // namespace lookout::controllers
