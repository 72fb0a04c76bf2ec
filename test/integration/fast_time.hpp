// Time that runs many times faster, for the two places where the reflector meets it:
// the clock and the transport's time-outs. 30 s of protocol pass in a fraction of one.
#pragma once

#include <atomic>
#include <memory>

#include "lookout/base/clock.hpp"
#include "lookout/http/transport.hpp"

namespace lookout::integration {

// Thread-safe.
class FastClock final : public Clock {
 public:
  explicit FastClock(int speed) : speed_(speed), start_(system_.now()) {}

  MonoTime now() const override;
  WallTime wall_now() const override {
    return system_.wall_now() + std::chrono::duration_cast<WallTime::duration>(wall_shift_.load());
  }
  bool sleep(Duration duration, std::stop_token stop) const override;
  // As when somebody sets the machine's clock.
  void shift_wall(Duration by) { wall_shift_ = wall_shift_.load() + by; }

 private:
  const SystemClock system_;
  const int speed_;
  const MonoTime start_;
  std::atomic<Duration> wall_shift_{Duration(0)};
};

// The same requests with time-outs that are `speed` times shorter, but so long for the head at
// least: a TLS handshake takes its time on a busy machine.
std::unique_ptr<http::Transport> fast_transport(
    std::unique_ptr<http::Transport> inner, int speed,
    std::chrono::milliseconds head_min = std::chrono::milliseconds(0));

}  // namespace lookout::integration
