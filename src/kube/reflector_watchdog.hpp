// Ends a request that makes no progress, which the transport's time-outs cannot see:
// they know bytes, not what the bytes mean.
#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

#include "lookout/base/clock.hpp"

namespace lookout::kube {

// touch() and disarm() from one thread at a time; the rest from any.
class ReflectorWatchdog {
 public:
  // `clock` outlives the watchdog. Armed at once.
  ReflectorWatchdog(const Clock& clock, Duration silence_max, std::stop_token outer);
  ReflectorWatchdog(const ReflectorWatchdog&) = delete;
  ReflectorWatchdog& operator=(const ReflectorWatchdog&) = delete;

  void touch() { last_ = clock_.now().time_since_epoch().count(); }
  // No limit from here on.
  void disarm() { thread_.request_stop(); }

  // Stopped with `outer`, and by silence.
  std::stop_token token() const { return source_.get_token(); }
  // Whether silence did it.
  bool fired() const { return fired_; }

 private:
  struct StopSource {
    std::stop_source& source;
    void operator()() const { source.request_stop(); }
  };

  void run(std::stop_token disarmed);

  const Clock& clock_;
  const Duration silence_max_;
  std::atomic<Duration::rep> last_;
  std::atomic<bool> fired_{false};
  std::stop_source source_;
  std::stop_callback<StopSource> forward_;
  std::jthread thread_;  // last: uses all of the above
};

}  // namespace lookout::kube
