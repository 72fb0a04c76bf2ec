#include "src/repository/scan_deadline.hpp"

#include <utility>

namespace lookout::repository {

ScanDeadline::ScanDeadline(const Clock& clock, Duration timeout, std::stop_token outer)
    : time_(clock.now() + timeout),
      forward_(std::move(outer), StopSource{source_}),
      thread_([this, &clock, timeout](std::stop_token disarmed) {
        if (clock.sleep(timeout, std::move(disarmed))) source_.request_stop();
      }) {}

}  // namespace lookout::repository
