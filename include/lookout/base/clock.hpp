// Time, passed in. Deadlines and back-off use the monotonic clock, so a jump of
// the wall clock (NTP, suspend) starts no storm; timestamps use the wall clock.
#pragma once

#include <chrono>
#include <stop_token>

namespace lookout {

using MonoTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;
using Duration = std::chrono::nanoseconds;

// Thread-safe. One of the three virtual interfaces of the project (the others:
// http::Transport and its http::BodySink).
class Clock {
 public:
  virtual ~Clock() = default;
  virtual MonoTime now() const = 0;
  virtual WallTime wall_now() const = 0;
  // Blocks for `duration` or until stop is requested; false when stopped.
  virtual bool sleep(Duration duration, std::stop_token stop) const = 0;
};

// The machine's own clocks.
class SystemClock final : public Clock {
 public:
  MonoTime now() const override;
  WallTime wall_now() const override;
  bool sleep(Duration duration, std::stop_token stop) const override;
};

// Seconds since the epoch, with fraction, as Prometheus writes timestamps.
double unix_seconds(WallTime time);

}  // namespace lookout
