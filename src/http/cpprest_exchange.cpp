#include "src/http/cpprest_exchange.hpp"

#include <algorithm>
#include <string>

namespace lookout::http {
namespace {

// Far enough for "none", near enough not to overflow a time point.
constexpr std::chrono::milliseconds kTimeoutMax = std::chrono::hours(24);

std::string milliseconds_text(std::chrono::milliseconds duration) {
  return std::to_string(duration.count()) + " ms";
}

}  // namespace

Exchange::Exchange(BodySink& sink, const Request& request, MonoTime started)
    : header_timeout_(std::min(request.header_timeout, kTimeoutMax)),
      idle_timeout_(std::min(request.idle_timeout, kTimeoutMax)),
      header_deadline_(started + header_timeout_),
      sink_(&sink),
      last_activity_(started) {}

bool Exchange::deliver_head(const ResponseHead& head) {
  BodySink* const sink = enter_sink();
  if (sink == nullptr) return false;
  const bool wanted = leave_sink(sink->on_head(head));
  head_delivered_.store(true, std::memory_order_release);
  return wanted;
}

bool Exchange::deliver_body(std::string_view bytes) {
  BodySink* const sink = enter_sink();
  return sink != nullptr && leave_sink(sink->on_body(bytes));
}

void Exchange::finish(Result<void> outcome) {
  MutexLock lock(mutex_);
  if (!outcome_) outcome_ = std::move(outcome);
  changed_.notify_all();
}

Result<void> Exchange::wait(std::stop_token stop) {
  MutexLock lock(mutex_);
  for (;;) {
    const MonoTime until = deadline();
    const bool settled = changed_.wait_until(mutex_, stop, until, [this, until]() LOCKED(mutex_) {
      return outcome_.has_value() || deadline() < until;
    });
    if (outcome_) break;
    if (stop.stop_requested()) {
      outcome_ = Error{ErrorCode::kCancelled, "cancelled"};
    } else if (!settled && !in_sink_ && SystemClock().now() >= deadline()) {
      outcome_ = time_out();
    }
    if (outcome_) break;
  }
  const Result<void> outcome = *outcome_;
  detach_sink();
  return outcome;
}

BodySink* Exchange::enter_sink() {
  MutexLock lock(mutex_);
  if (sink_ == nullptr || outcome_) return nullptr;
  in_sink_ = true;
  return sink_;
}

bool Exchange::leave_sink(Result<void> verdict) {
  MutexLock lock(mutex_);
  in_sink_ = false;
  last_activity_ = SystemClock().now();
  const bool first = !head_seen_;
  head_seen_ = true;
  if (!verdict && !outcome_) outcome_ = std::move(verdict);
  // Later pieces only move the deadline back: the waiter finds out when it wakes.
  if (first || outcome_) changed_.notify_all();
  return !outcome_;
}

MonoTime Exchange::deadline() const {
  // A sink that works is no silence of the peer: look again after another period.
  if (in_sink_) return SystemClock().now() + idle_timeout_;
  return head_seen_ ? last_activity_ + idle_timeout_ : header_deadline_;
}

Error Exchange::time_out() const {
  if (head_seen_) {
    return {ErrorCode::kUnavailable,
            "body: timed out: nothing came for " + milliseconds_text(idle_timeout_)};
  }
  return {ErrorCode::kUnavailable,
          "headers: timed out: no answer within " + milliseconds_text(header_timeout_)};
}

void Exchange::detach_sink() {
  changed_.wait(mutex_, [this]() LOCKED(mutex_) { return !in_sink_; });
  sink_ = nullptr;
}

}  // namespace lookout::http
