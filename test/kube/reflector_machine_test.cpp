// The machine as a whole: refusals, request rates, and properties that hold whatever
// happens.
#include "src/kube/reflector_machine.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "test/kube/reflector_driver.hpp"

namespace lookout::kube {
namespace {

using Driver = ReflectorDriver;
using Kind = Driver::Kind;
using Mark = Driver::Mark;
using Phase = Driver::Phase;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("A2: reflector: 401 is tried again with back-off") {
  Driver d;
  d.start();
  d.fails({ErrorCode::kUnauthorized, "401"});
  CHECK_FALSE(d.state.refused);
  const Duration first = d.sit_out();
  CHECK(first >= milliseconds(800));
  CHECK(first < milliseconds(1600));
  CHECK(d.sent.size() == 2);
  d.fails({ErrorCode::kUnauthorized, "401"});
  CHECK(d.sit_out() >= milliseconds(1600));
}

TEST_CASE("R3: reflector: a refusal is shown and tried again after half a minute") {
  const auto code = GENERATE(ErrorCode::kForbidden, ErrorCode::kNotFound);
  Driver d;
  d.start();
  d.fails({code, "refused", seconds(1)});
  CHECK(d.state.refused);
  CHECK(d.state.last_error->message == "refused");
  const Duration delay = d.sit_out();
  CHECK(delay >= seconds(30));
  CHECK(delay < seconds(60));
  d.response();
  d.end_bookmark("3");
  CHECK_FALSE(d.state.refused);
  CHECK_FALSE(d.state.last_error.has_value());
}

TEST_CASE("R3: reflector: who was allowed before and is refused asks again soon, then less often") {
  const auto code = GENERATE(ErrorCode::kForbidden, ErrorCode::kNotFound);
  Driver d;
  d.sync_by_list("17");
  d.fails({code, "refused"});
  CHECK(d.state.refused);
  const Duration first = d.sit_out();
  CHECK(first >= milliseconds(800));
  CHECK(first < milliseconds(1600));
  for (int refusal = 0; refusal < 6; ++refusal) {
    d.fails({code, "refused"});
    d.sit_out();
  }
  d.fails({code, "refused"});
  CHECK(d.sit_out() >= seconds(30));
  d.response();
  CHECK_FALSE(d.state.refused);
  CHECK_FALSE(d.state.last_error.has_value());
}

TEST_CASE("R2: reflector: in each state one request or one delay is outstanding") {
  Driver d;
  d.start();
  CHECK((d.effects.send && !d.effects.wait && d.state.phase == Phase::kRequesting));
  d.fails(unavailable());
  CHECK((!d.effects.send && d.effects.wait && d.state.phase == Phase::kWaiting));
}

TEST_CASE("reflector: failing lasts from the first failure to the first success") {
  Driver d;
  d.start();
  CHECK_FALSE(d.state.failing);
  d.fails(unavailable());
  d.sit_out();
  CHECK(d.state.failing);
  d.response();
  d.end_bookmark("5");
  CHECK_FALSE(d.state.failing);
  d.fails(unavailable());
  d.sit_out();
  d.page("6");
  d.response();
  CHECK(d.state.failing);
  CHECK_FALSE(d.state.last_error.has_value());
  d.bookmark("7");
  CHECK_FALSE(d.state.failing);
}

struct Outage {
  const char* name;
  bool synced;
  Error error;
  Duration takes;
};

TEST_CASE("W6: reflector: a server that is down sees 0.05 requests a second at most") {
  const auto outage = GENERATE(
      Outage{"cold, refused", false, unavailable(), Duration(0)},
      Outage{"cold, silent", false, unavailable(), seconds(30)},
      Outage{"synced, refused", true, unavailable(), Duration(0)},
      Outage{"synced, silent", true, unavailable(), seconds(30)},
      Outage{"synced, throttled", true, Error{ErrorCode::kThrottled, "429"}, Duration(0)},
      Outage{"cold, throttled", false, Error{ErrorCode::kThrottled, "429"}, Duration(0)},
      Outage{"synced, login page", true, Error{ErrorCode::kMalformed, "html"}, Duration(0)});
  const auto seed = GENERATE(range(std::uint64_t{0}, std::uint64_t{20}));
  CAPTURE(outage.name, seed);
  Driver d(seed);
  if (outage.synced) {
    d.sync_by_watch_list("17");
    d.fails(unavailable());
    d.sit_out();
  } else {
    d.start();
  }
  d.forget();
  const MonoTime end = d.now + minutes(10);
  while (d.now < end) {
    d.pass(outage.takes);
    d.fails(outage.error);
    d.sit_out();
  }
  CHECK(d.sent.size() <= 30);
  CHECK(d.sent.size() >= 6);
  CHECK(d.count_sent(Kind::kList) == 0);
}

TEST_CASE("R6: reflector: replicas that restart together do not come back together") {
  // Full jitter: the tenths of the first delay's range share them.
  std::map<Duration::rep, int> tenths;
  std::size_t lists = 0;
  for (std::uint64_t replica = 0; replica < 50; ++replica) {
    Driver d(replica);
    d.start();
    d.fails(unavailable());
    ++tenths[(d.sit_out() - milliseconds(800)) / milliseconds(80)];
    d.response();
    d.end_bookmark("5");
    lists += d.count_sent(Kind::kList);
  }
  CHECK(lists == 0);
  CHECK(tenths.size() >= 8);
  for (const auto& [tenth, replicas] : tenths) {
    CHECK((tenth >= 0 && tenth < 10));
    CHECK(replicas <= 15);
  }
}

// --- properties ---

Error any_error() {
  const auto code = *rc::gen::element(
      ErrorCode::kMalformed, ErrorCode::kTooLarge, ErrorCode::kNotFound, ErrorCode::kGone,
      ErrorCode::kUnauthorized, ErrorCode::kForbidden, ErrorCode::kThrottled,
      ErrorCode::kUnavailable, ErrorCode::kInvalid, ErrorCode::kCancelled);
  const int retry_after = *rc::gen::inRange(-1, 4);
  Error error{code, "any"};
  if (retry_after >= 0) error.retry_after = seconds(retry_after);
  return error;
}

ReflectorEvent any_event(const Driver& d) {
  if (d.state.phase == Phase::kWaiting) return TimerFired{};
  const std::string version = std::to_string(*rc::gen::inRange(1, 50));
  const bool watch = d.state.query.kind == Kind::kWatch || d.state.query.kind == Kind::kWatchList;
  const int choices = d.state.response_started ? (watch ? 7 : 3) : 2;
  switch (*rc::gen::inRange(0, choices)) {
    case 1:
      if (!d.state.response_started) return ResponseStarted{};
      break;
    case 2: {
      RequestEnded end;
      const std::string token = *rc::gen::element<std::string>("", "", "a", "b");
      if (!watch) end.list = {version, token};
      return end;
    }
    case 3: return Bookmark{version, false};
    case 4: return Bookmark{version, true};
    case 5: return ObjectSeen{version};
    default: break;
  }
  const auto cause = *rc::gen::element(Driver::Cause::kAnswer, Driver::Cause::kErrorEvent,
                                       Driver::Cause::kNoProgress);
  return RequestEnded{cause, any_error(), {}};
}

bool is_inside_list(const std::vector<Mark>& marks) {
  bool open = false;
  for (const Mark mark : marks) {
    RC_ASSERT((mark == Mark::kReplaceBegin) != open);
    open = mark == Mark::kReplaceBegin;
  }
  return open;
}

void check_step(const Driver& d, const ReflectorEvent& event) {
  const bool ends =
      std::holds_alternative<RequestEnded>(event) || std::holds_alternative<TimerFired>(event);
  const bool sends = d.effects.send.has_value();
  const bool waits = d.effects.wait.has_value();
  RC_ASSERT((sends || waits) == ends);
  RC_ASSERT(!(sends && waits));
  RC_ASSERT(d.state.phase == (waits ? Phase::kWaiting : d.state.phase));
  if (waits) RC_ASSERT(*d.effects.wait > Duration(0));
  if (waits) RC_ASSERT(*d.effects.wait <= minutes(5) + seconds(1));
  RC_ASSERT(is_inside_list(d.marks) == d.state.replacing);
  if (!sends) return;
  const ListQuery& query = *d.effects.send;
  RC_ASSERT(query.continue_token.empty() || query.resource_version.empty());
  if (query.kind == Kind::kProbe || query.kind == Kind::kWatch) {
    RC_ASSERT(!query.resource_version.empty());
    RC_ASSERT(!d.state.replacing);
  }
}

TEST_CASE("reflector: whatever happens, the machine goes on, in order and at a bounded rate") {
  const bool held = rc::check("any sequence of events", [] {
    Driver d(*rc::gen::arbitrary<std::uint64_t>());
    d.start();
    const MonoTime begin = d.now;
    const int steps = *rc::gen::inRange(1, 200);
    std::size_t pages = 0;
    for (int i = 0; i < steps; ++i) {
      if (d.state.phase == Phase::kWaiting) d.pass(*d.effects.wait);
      const ReflectorEvent event = any_event(d);
      d.tell(event);
      if (d.effects.send && !d.effects.send->continue_token.empty()) ++pages;
      check_step(d, event);
    }
    // Time passes in delays only. Between two of them: a list that falls back, drops its
    // version and restarts, then a probe or watch; besides that, one request a page.
    const double elapsed = std::chrono::duration<double>(d.now - begin).count();
    RC_ASSERT(static_cast<double>(d.sent.size() - pages) <= 8 + 10 * elapsed);
  });
  CHECK(held);
}

}  // namespace
}  // namespace lookout::kube
