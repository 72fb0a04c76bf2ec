#include "src/kube/reflector_machine.hpp"

#include <utility>

#include "lookout/base/check.hpp"

#include "src/kube/reflector_turn.hpp"

namespace lookout::kube {

std::string_view relist_reason_name(RelistReason reason) {
  switch (reason) {
    case RelistReason::kExpired: return "expired";
    case RelistReason::kRewound: return "rewound";
    case RelistReason::kServerError: return "server_error";
    case RelistReason::kInvalidVersion: return "invalid_version";
  }
  return "unknown";
}

std::string_view restart_reason_name(RestartReason reason) {
  switch (reason) {
    case RestartReason::kEnded: return "ended";
    case RestartReason::kShort: return "short";
    case RestartReason::kIdle: return "idle";
    case RestartReason::kBroken: return "broken";
    case RestartReason::kExpired: return "expired";
    case RestartReason::kErrorEvent: return "error_event";
    case RestartReason::kThrottled: return "throttled";
    case RestartReason::kRefused: return "refused";
    case RestartReason::kMalformed: return "malformed";
    case RestartReason::kTooLarge: return "event_too_large";
  }
  return "unknown";
}

namespace {

using Phase = ReflectorState::Phase;

struct Dispatch {
  ReflectorTurn& turn;
  ReflectorState& state;

  void operator()(const Start&) const {
    LOOKOUT_CHECK(state.phase == Phase::kIdle);
    turn.begin_list();
  }
  void operator()(const TimerFired&) const {
    LOOKOUT_CHECK(state.phase == Phase::kWaiting);
    turn.after_delay();
  }
  void operator()(const ResponseStarted&) const {
    LOOKOUT_CHECK(state.phase == Phase::kRequesting);
    turn.response_started();
  }
  void operator()(const Bookmark& bookmark) const {
    LOOKOUT_CHECK(state.phase == Phase::kRequesting);
    turn.bookmark(bookmark);
  }
  void operator()(const ObjectSeen& object) const {
    LOOKOUT_CHECK(state.phase == Phase::kRequesting);
    turn.object_seen(object);
  }
  void operator()(const RequestEnded& end) const {
    LOOKOUT_CHECK(state.phase == Phase::kRequesting);
    turn.request_ended(end);
  }
};

}  // namespace

ReflectorStep step(ReflectorState state, MonoTime now, const ReflectorEvent& event) {
  ReflectorStep out{std::move(state), {}};
  ReflectorTurn turn(out.state, out.effects, now);
  std::visit(Dispatch{turn, out.state}, event);
  return out;
}

}  // namespace lookout::kube
