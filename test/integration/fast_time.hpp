// Time that runs many times faster, for the two places where the reflector meets it:
// the clock and the transport's time-outs. 30 s of protocol pass in a fraction of one.
#pragma once

#include <memory>

#include "lookout/base/clock.hpp"
#include "lookout/http/transport.hpp"

namespace lookout::integration {

// Thread-safe.
class FastClock final : public Clock {
 public:
  explicit FastClock(int speed) : speed_(speed), start_(system_.now()) {}

  MonoTime now() const override;
  WallTime wall_now() const override { return system_.wall_now(); }
  bool sleep(Duration duration, std::stop_token stop) const override;

 private:
  const SystemClock system_;
  const int speed_;
  const MonoTime start_;
};

// The same requests with time-outs that are `speed` times shorter.
std::unique_ptr<http::Transport> fast_transport(std::unique_ptr<http::Transport> inner, int speed);

}  // namespace lookout::integration
