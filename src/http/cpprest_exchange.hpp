// One send() in flight, seen from both sides: cpprestsdk's threads bring the head,
// the body and the end; the caller of send() waits, watches the clocks and the
// stop_token, and may walk away at any time. cpprestsdk has one inactivity timer
// for everything, so header and idle time-outs are kept here.
#pragma once

#include <atomic>
#include <optional>
#include <stop_token>
#include <string_view>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"
#include "lookout/http/transport.hpp"

namespace lookout::http {

// Thread-safe. Lives until the last of cpprestsdk's callbacks has let go of it;
// the sink is only touched until wait() returns.
class Exchange {
 public:
  Exchange(BodySink& sink, const Request& request, MonoTime started);

  // cpprestsdk's side, one call at a time. False: the transfer must end, because the
  // sink refused or the caller has gone.
  bool deliver_head(const ResponseHead& head) EXCLUDES(mutex_);
  bool deliver_body(std::string_view bytes) EXCLUDES(mutex_);
  void finish(Result<void> outcome) EXCLUDES(mutex_);  // the first outcome stays
  bool head_delivered() const { return head_delivered_.load(std::memory_order_acquire); }

  // The caller's side: blocks until the outcome is known, a time-out has passed or
  // stop is requested. The sink is not called any more once this has returned.
  Result<void> wait(std::stop_token stop) EXCLUDES(mutex_);

  MonoTime header_deadline() const { return header_deadline_; }

 private:
  // The sink for one call, nullptr when there must be none.
  BodySink* enter_sink() EXCLUDES(mutex_);
  bool leave_sink(Result<void> verdict) EXCLUDES(mutex_);
  MonoTime deadline() const LOCKED(mutex_);
  Error time_out() const LOCKED(mutex_);
  void detach_sink() LOCKED(mutex_);

  const std::chrono::milliseconds header_timeout_;
  const std::chrono::milliseconds idle_timeout_;
  const MonoTime header_deadline_;
  std::atomic<bool> head_delivered_{false};

  mutable Mutex mutex_;
  ConditionVariable changed_;
  BodySink* sink_ GUARDED_BY(mutex_);
  bool in_sink_ GUARDED_BY(mutex_) = false;
  bool head_seen_ GUARDED_BY(mutex_) = false;
  MonoTime last_activity_ GUARDED_BY(mutex_);
  std::optional<Result<void>> outcome_ GUARDED_BY(mutex_);
};

}  // namespace lookout::http
