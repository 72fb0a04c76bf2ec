#include "src/kube/reflector_watchdog.hpp"

#include <utility>

namespace lookout::kube {

ReflectorWatchdog::ReflectorWatchdog(const Clock& clock, Duration silence_max,
                                     std::stop_token outer)
    : clock_(clock),
      silence_max_(silence_max),
      last_(clock.now().time_since_epoch().count()),
      forward_(std::move(outer), StopSource{source_}),
      thread_([this](std::stop_token disarmed) { run(std::move(disarmed)); }) {}

void ReflectorWatchdog::run(std::stop_token disarmed) {
  while (!disarmed.stop_requested()) {
    const MonoTime limit = MonoTime(Duration(last_.load())) + silence_max_;
    const Duration left = limit - clock_.now();
    if (left <= Duration(0)) {
      fired_ = true;
      source_.request_stop();
      return;
    }
    clock_.sleep(left, disarmed);
  }
}

}  // namespace lookout::kube
