// Ends a scan that its time-out has overtaken, in whatever phase: the transport's own time-outs
// know one request and its silences, not a slow drip or the sum of several requests.
#pragma once

#include <stop_token>
#include <thread>

#include "lookout/base/clock.hpp"

namespace lookout::repository {

class ScanDeadline {
 public:
  // `clock` outlives this.
  ScanDeadline(const Clock& clock, Duration timeout, std::stop_token outer);
  ScanDeadline(const ScanDeadline&) = delete;
  ScanDeadline& operator=(const ScanDeadline&) = delete;

  // Stopped with `outer`, and at time().
  std::stop_token token() const { return source_.get_token(); }
  MonoTime time() const { return time_; }

 private:
  struct StopSource {
    std::stop_source& source;
    void operator()() const { source.request_stop(); }
  };

  const MonoTime time_;
  std::stop_source source_;
  std::stop_callback<StopSource> forward_;
  std::jthread thread_;  // last: uses all of the above
};

}  // namespace lookout::repository
