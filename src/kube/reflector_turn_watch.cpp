#include "lookout/base/text.hpp"

#include "src/kube/reflector_turn.hpp"

namespace lookout::kube {
namespace {

using Kind = ListQuery::Kind;
using Cause = RequestEnded::Cause;

// The transport's timer and our clock start at slightly different moments.
constexpr Duration kIdleSlack = std::chrono::seconds(1);

RestartReason restart_reason(const RequestEnded& end) {
  switch (end.error->code) {
    case ErrorCode::kThrottled: return RestartReason::kThrottled;
    case ErrorCode::kForbidden:
    case ErrorCode::kNotFound:
    case ErrorCode::kUnauthorized: return RestartReason::kRefused;
    case ErrorCode::kGone: return RestartReason::kExpired;
    case ErrorCode::kMalformed: return RestartReason::kMalformed;
    case ErrorCode::kTooLarge: return RestartReason::kTooLarge;
    default: break;
  }
  return end.cause == Cause::kErrorEvent ? RestartReason::kErrorEvent : RestartReason::kBroken;
}

}  // namespace

void ReflectorTurn::send_watch() {
  send({.kind = Kind::kWatch,
        .resource_version = state_.resource_version,
        .timeout_seconds = watch_timeout_seconds()});
}

void ReflectorTurn::send_probe() {
  send({.kind = Kind::kProbe, .resource_version = state_.resource_version, .limit = 1});
}

void ReflectorTurn::bookmark(const Bookmark& bookmark) {
  state_.last_progress = now_;
  if (state_.query.kind == Kind::kWatch) {
    state_.saw_event = true;
    advance(bookmark.resource_version);
    return worked();
  }
  // A server that does WatchList marks its first bookmark, so one without the mark says
  // that the mark will not come.
  if (!bookmark.initial_events_end || bookmark.resource_version.empty()) {
    effects_.end_request = true;
    return;
  }
  state_.query.kind = Kind::kWatch;
  state_.saw_event = true;
  commit(bookmark.resource_version);
}

void ReflectorTurn::object_seen(const ObjectSeen& object) {
  state_.last_progress = now_;
  state_.saw_event = true;
  // Initial events come in the order of names: their versions say nothing of how far we are.
  if (state_.query.kind != Kind::kWatch) return;
  advance(object.resource_version);
  worked();
}

// Never back: replaying what a newer version has already said could show an old state.
void ReflectorTurn::advance(const std::string& version) {
  const auto ours = parse_number<std::uint64_t>(state_.resource_version);
  const auto seen = parse_number<std::uint64_t>(version);
  if (!seen || (ours && *seen < *ours)) return;
  state_.resource_version = version;
}

void ReflectorTurn::watch_ended(const RequestEnded& end) {
  if (!end.error) return watch_ended_cleanly();
  const Error& error = *end.error;
  if (error.code == ErrorCode::kGone) return watch_expired(error);
  watch_broken(end);
}

void ReflectorTurn::watch_ended_cleanly() {
  const Duration lasted = now_ - state_.request_start;
  if (lasted < kShortWatch && !state_.saw_event) {
    effects_.watch_restart = RestartReason::kShort;
    return fail({ErrorCode::kUnavailable, "watch: ended at once"}, Next::kWatch);
  }
  effects_.watch_restart = RestartReason::kEnded;
  worked();
  if (lasted < kShortWatch) return wait(kShortWatch - lasted, Next::kWatch);
  send_watch();
}

void ReflectorTurn::watch_expired(const Error& error) {
  effects_.watch_restart = RestartReason::kExpired;
  if (error.retry_after) state_.version_unavailable = true;  // ahead of the server
  relist(error.retry_after ? RelistReason::kRewound : RelistReason::kExpired);
  wait_to_relist(error);
}

void ReflectorTurn::watch_broken(const RequestEnded& end) {
  const Error& error = *end.error;
  effects_.watch_restart = restart_reason(end);
  switch (*effects_.watch_restart) {
    case RestartReason::kThrottled:
    case RestartReason::kRefused: return fail(error, Next::kWatch);
    case RestartReason::kErrorEvent:
      relist(RelistReason::kServerError);
      return fail(error, Next::kList);
    default: break;
  }
  if (error.code == ErrorCode::kInvalid) {
    relist(RelistReason::kInvalidVersion);
    state_.version_unavailable = true;
    return fail(error, Next::kList);
  }
  const bool idle = state_.response_started && error.code == ErrorCode::kUnavailable &&
                    now_ - state_.last_progress >= kWatchIdleTimeout - kIdleSlack;
  if (idle) {
    effects_.watch_restart = RestartReason::kIdle;
    return send_probe();
  }
  // Once the server has said that it knows our version, only a watch that began and
  // broke can mean that it has forgotten it since.
  fail(error, state_.probed ? Next::kWatch : Next::kProbe);
}

void ReflectorTurn::probe_ended(const RequestEnded& end) {
  // kInvalid: a server too old for the question knows no way back either.
  if (!end.error || end.error->code == ErrorCode::kInvalid) {
    state_.probed = true;
    return send_watch();
  }
  const Error& error = *end.error;
  if (error.code != ErrorCode::kGone) return fail(error, Next::kProbe);
  relist(RelistReason::kRewound);
  state_.version_unavailable = true;
  wait_to_relist(error);
}

// Delayed even though the server is well: it may answer each watch like this. Failures before
// it was well do not count, or a crash would be followed by up to a minute of old state.
void ReflectorTurn::wait_to_relist(const Error& error) {
  if (error.retry_after) return wait(retry_after_delay(*error.retry_after), Next::kList);
  wait(state_.relist_backoff.next(now_, chance()), Next::kList);
}

void ReflectorTurn::relist(RelistReason reason) {
  effects_.relist = reason;
}

}  // namespace lookout::kube
