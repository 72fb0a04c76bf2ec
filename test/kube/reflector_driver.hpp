// Drives the reflector's machine through simulated time and remembers what it asked for.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

#include "src/kube/reflector_machine.hpp"

namespace lookout::kube {

inline Error unavailable() {
  return {ErrorCode::kUnavailable, "connect: refused"};
}
inline Error gone() {
  return {ErrorCode::kGone, "expired"};
}
// 504 ResourceVersionTooLarge: also kGone, told apart by its Retry-After.
inline Error version_too_large() {
  return {ErrorCode::kGone, "too large", std::chrono::seconds(1)};
}
inline Error invalid() {
  return {ErrorCode::kInvalid, "422"};
}
inline Error forbidden() {
  return {ErrorCode::kForbidden, "403"};
}
inline Error throttled(int seconds) {
  return {ErrorCode::kThrottled, "429", std::chrono::seconds(seconds)};
}

class ReflectorDriver {
 public:
  using Cause = RequestEnded::Cause;
  using Kind = ListQuery::Kind;
  using Mark = Delta::Kind;
  using Phase = ReflectorState::Phase;

  struct Sent {
    MonoTime at;
    ListQuery query;
  };

  explicit ReflectorDriver(std::uint64_t seed = 1, std::uint32_t page_items = 5'000)
      : state(seed, page_items) {}

  void tell(const ReflectorEvent& event) {
    ReflectorStep next = step(std::move(state), now, event);
    state = std::move(next.state);
    effects = std::move(next.effects);
    if (effects.send) sent.push_back({now, *effects.send});
    marks.insert(marks.end(), effects.deltas.begin(), effects.deltas.end());
    if (effects.relist) relists.push_back(*effects.relist);
    if (effects.watch_restart) restarts.push_back(*effects.watch_restart);
  }

  void start() { tell(Start{}); }
  void response() { tell(ResponseStarted{}); }
  void bookmark(std::string version) { tell(Bookmark{std::move(version), false}); }
  void end_bookmark(std::string version) { tell(Bookmark{std::move(version), true}); }
  void object(std::string version) { tell(ObjectSeen{std::move(version)}); }
  void page(std::string version, std::string token = "") {
    tell(RequestEnded{Cause::kAnswer, std::nullopt, {std::move(version), std::move(token)}});
  }
  void ends() { tell(RequestEnded{}); }
  void fails(Error error, Cause cause = Cause::kAnswer) {
    tell(RequestEnded{cause, std::move(error), {}});
  }
  void sends_error_event(Error error) { fails(std::move(error), Cause::kErrorEvent); }
  void pass(Duration duration) { now += duration; }
  // Sits the delay out; returns it.
  Duration sit_out() {
    REQUIRE(effects.wait.has_value());
    const Duration delay = *effects.wait;
    pass(delay);
    tell(TimerFired{});
    return delay;
  }

  // Into a watch from `version`: as a server that has WatchList, or one that has not.
  void sync_by_watch_list(const std::string& version) {
    start();
    response();
    end_bookmark(version);
  }
  void sync_by_list(const std::string& version) {
    start();
    fails(invalid());
    response();
    page(version);
  }
  void forget() {
    sent.clear();
    marks.clear();
    relists.clear();
    restarts.clear();
  }

  bool is_sending(Kind kind, const std::string& version) const {
    return effects.send && effects.send->kind == kind && effects.send->resource_version == version;
  }
  std::size_t count_sent(Kind kind) const {
    std::size_t count = 0;
    for (const Sent& request : sent) count += request.query.kind == kind ? 1 : 0;
    return count;
  }

  ReflectorState state;
  MonoTime now = MonoTime(std::chrono::hours(1));
  ReflectorEffects effects;
  std::vector<Sent> sent;
  std::vector<Mark> marks;
  std::vector<RelistReason> relists;
  std::vector<RestartReason> restarts;
};

}  // namespace lookout::kube
