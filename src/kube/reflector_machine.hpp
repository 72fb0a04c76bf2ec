// The list/watch protocol as a pure state machine: what to send, or how long to wait,
// after each thing that happened. No clock, no I/O, no threads; time and the seed of
// chance come in. reflector.cpp carries out what it asks for.
//
// Objects do not pass through: the loop hands them to the store, as items of a list
// while state.replacing, else as changes. What a list ends with, and how far a watch
// has come, does pass through.
//
//                    ┌────────────── expired, rewound, refused version ──────────────┐
//   Start ─→ list phase (WatchList, or LIST page by page) ─→ Watch ─→ broken ─→ Probe ─┤
//                                                              ↑ └─ ended in time ─┐   │
//                                                              └───────────────────┴── ok
// Every failure leads back to the same place after a delay.
//
// After each step exactly one request or one delay is outstanding.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/kube/delta.hpp"
#include "lookout/kube/metadata_decoder.hpp"

#include "src/kube/backoff.hpp"
#include "src/kube/list_request.hpp"

namespace lookout::kube {

// How long a WatchList may bring nothing before its end bookmark: lost, it costs less than half a
// minute, the LIST included.
inline constexpr std::chrono::seconds kWatchListProgressTimeout{25};
// How long a server that does not do WatchList is asked for LISTs instead.
inline constexpr std::chrono::minutes kWatchListRetry{10};
inline constexpr unsigned kWatchListDropsMax = 3;
// A watch that ends sooner without any event is a failure; any is re-sent no sooner.
inline constexpr std::chrono::seconds kShortWatch{1};
// A page that took this long and failed: ask for half as many items.
inline constexpr std::chrono::seconds kSlowPage{30};
inline constexpr std::size_t kListPagesMax = 100'000;
// 403 and 404 before the first list: nothing changes before a person acts. The delay is up to
// twice this.
inline constexpr std::chrono::seconds kRefusedDelay{30};
inline constexpr std::chrono::minutes kRetryAfterMax{5};
// Refusals with Retry-After in a row, after which our own back-off counts too.
inline constexpr unsigned kThrottlesObeyedMax = 10;

enum class RelistReason { kExpired, kRewound, kServerError, kInvalidVersion };
std::string_view relist_reason_name(RelistReason reason);  // "expired", ...

enum class RestartReason {
  kEnded,       // the server's own time-out: the normal end
  kShort,       // ended at once without an event
  kIdle,        // neither event nor bookmark for kWatchIdleTimeout
  kBroken,      // connection or answer failed
  kExpired,     // our resourceVersion is no longer served
  kErrorEvent,  // another ERROR event
  kThrottled,
  kRefused,  // 401, 403, 404
  kMalformed,
  kTooLarge,  // an event over the limit
};
std::string_view restart_reason_name(RestartReason reason);

// --- what happened ---
struct Start {};
struct TimerFired {};
// The head of a 2xx answer is in.
struct ResponseStarted {};
struct Bookmark {
  std::string resource_version;
  bool initial_events_end = false;
};
// A change that a watch brought, after its initial events.
struct ObjectSeen {
  std::string resource_version;
};
// The outstanding request is over.
struct RequestEnded {
  enum class Cause {
    kAnswer,      // the answer, or what kept it from coming
    kErrorEvent,  // an ERROR event inside a watch of HTTP 200
    kNoProgress,  // the WatchList was given up, by Step::end_request or by its time-out
  };
  Cause cause = Cause::kAnswer;
  std::optional<Error> error;  // none: the answer ended as it should
  ListEnd list;                // kList and kProbe without error
};
using ReflectorEvent =
    std::variant<Start, TimerFired, ResponseStarted, Bookmark, ObjectSeen, RequestEnded>;

struct ReflectorState {
  enum class Phase { kIdle, kRequesting, kWaiting };
  // Which part of the protocol comes after a delay.
  enum class Next { kList, kWatch, kProbe };

  // Any seed will do; replicas must differ, so that they do not call all at once.
  explicit ReflectorState(std::uint64_t chance_seed, std::uint32_t relist_page_items)
      : chance(chance_seed), page_items_max(relist_page_items), page_items(relist_page_items) {}

  Phase phase = Phase::kIdle;
  Next next = Next::kList;
  ListQuery query;  // outstanding; a kWatchList becomes a kWatch at its end bookmark

  bool synced = false;              // since ever
  bool refused = false;             // 403 or 404 was the last answer
  bool failing = false;             // from a failure to the next success
  std::optional<Error> last_error;  // of the last attempt
  bool replacing = false;           // between begin and commit or abort

  std::string resource_version;      // as far as we have come; "" = nowhere
  bool version_unavailable = false;  // the server refused it: list the most recent
  std::string list_version;          // first page's
  std::string list_asked_version;
  std::size_t list_pages = 0;
  bool list_restarted = false;  // after an expired page

  MonoTime request_start;
  MonoTime last_progress;  // of the outstanding request: start, event, bookmark
  bool response_started = false;
  bool saw_event = false;
  bool probed = false;  // no watch has begun since the last good probe

  std::optional<MonoTime> watch_list_again;  // until then LIST
  unsigned watch_list_drops = 0;
  unsigned throttles = 0;
  Backoff backoff;
  Backoff relist_backoff;  // between lists whose versions expire at once
  std::uint64_t chance;

  std::uint32_t page_items_max;
  std::uint32_t page_items;  // halved by slow pages, restored by a list that came through
};

// What to do about it, in the order of the fields. Only after RequestEnded, TimerFired
// and Start is there a `send` or a `wait`, and then exactly one.
struct ReflectorEffects {
  std::vector<Delta::Kind> deltas;
  std::optional<RelistReason> relist;
  std::optional<RestartReason> watch_restart;
  bool end_request = false;  // give the outstanding request up: cause kNoProgress
  std::optional<ListQuery> send;
  std::optional<Duration> wait;
};

struct ReflectorStep {
  ReflectorState state;
  ReflectorEffects effects;
};

// REQUIRES: `event` fits state.phase: Start in kIdle, TimerFired in kWaiting, others in
// kRequesting; ResponseStarted before what else an answer holds, and before its good end
ReflectorStep step(ReflectorState state, MonoTime now, const ReflectorEvent& event);

}  // namespace lookout::kube
