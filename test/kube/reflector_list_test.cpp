// The list phase of the machine.
#include "test/kube/reflector_driver.hpp"

namespace lookout::kube {
namespace {

using Driver = ReflectorDriver;
using Kind = Driver::Kind;
using Mark = Driver::Mark;
using Cause = Driver::Cause;
using std::chrono::minutes;
using std::chrono::seconds;

const std::vector<Mark> kReplaced = {Mark::kReplaceBegin, Mark::kReplaceCommit};
const std::vector<Mark> kGivenUp = {Mark::kReplaceBegin, Mark::kReplaceAbort};

TEST_CASE("L1, S1: reflector: a WatchList is synced at its end bookmark, and goes on as a watch") {
  Driver d;
  d.start();
  REQUIRE(d.is_sending(Kind::kWatchList, ""));
  CHECK(d.effects.send->timeout_seconds >= 300);
  CHECK(d.effects.send->timeout_seconds <= 600);
  d.response();
  CHECK(d.marks == std::vector{Mark::kReplaceBegin});
  d.object("500");
  CHECK_FALSE(d.state.synced);
  CHECK(d.state.resource_version.empty());
  d.end_bookmark("42");
  CHECK(d.marks == kReplaced);
  CHECK(d.state.synced);
  CHECK(d.state.resource_version == "42");
  d.object("43");
  CHECK(d.state.resource_version == "43");
  CHECK(d.sent.size() == 1);
}

TEST_CASE("L1, L2: reflector: a first LIST takes what the watch cache has, whole") {
  Driver d;
  d.start();
  d.fails(invalid());
  REQUIRE(d.is_sending(Kind::kList, "0"));
  CHECK(d.effects.send->limit == 0);
  d.response();
  CHECK_FALSE(d.state.synced);
  d.page("17");
  CHECK(d.marks == kReplaced);
  CHECK(d.state.synced);
  CHECK(d.is_sending(Kind::kWatch, "17"));
}

TEST_CASE("L3: reflector: a list of the most recent version comes in pages") {
  Driver d(1, 2);
  d.sync_by_list("17");
  d.sends_error_event(gone());
  d.sit_out();
  REQUIRE(d.is_sending(Kind::kList, "17"));
  d.forget();
  d.fails(gone());
  REQUIRE(d.is_sending(Kind::kList, ""));
  CHECK(d.effects.send->limit == 2);
  d.response();
  d.page("30", "t1");
  CHECK(d.effects.send->continue_token == "t1");
  CHECK(d.effects.send->limit == 2);
  CHECK(d.effects.send->resource_version.empty());
  d.response();
  d.page("31", "t2");
  d.response();
  d.page("32");
  CHECK(d.marks == kReplaced);
  CHECK(d.is_sending(Kind::kWatch, "30"));
}

TEST_CASE("L2: reflector: a server that ignores the limit is done with its first page") {
  Driver d(1, 2);
  d.sync_by_list("17");
  d.sends_error_event(version_too_large());
  d.sit_out();
  CHECK(d.effects.send->limit == 2);
  d.forget();
  d.response();
  d.page("30");  // of any length: the loop counts no items
  CHECK(d.marks == kReplaced);
  CHECK(d.is_sending(Kind::kWatch, "30"));
}

TEST_CASE("L4: reflector: a page that expired restarts the list once, whole") {
  Driver d(1, 2);
  d.sync_by_list("17");
  d.sends_error_event(version_too_large());
  d.sit_out();
  d.response();
  d.page("30", "t1");
  d.forget();
  d.fails(gone());
  CHECK(d.marks == std::vector{Mark::kReplaceAbort});
  REQUIRE(d.is_sending(Kind::kList, ""));
  CHECK(d.effects.send->limit == 0);
  CHECK(d.effects.send->continue_token.empty());

  SECTION("and comes through") {
    d.response();
    d.page("33");
    CHECK(d.is_sending(Kind::kWatch, "33"));
  }
  SECTION("or backs off when it expires again") {
    d.response();
    d.page("33", "t1");
    d.fails(gone());
    CHECK(d.effects.wait.has_value());
  }
}

TEST_CASE("L5: reflector: a first page that expired is asked for again at once, most recent") {
  Driver d;
  d.sync_by_list("17");
  d.sends_error_event(gone());
  d.sit_out();
  REQUIRE(d.is_sending(Kind::kList, "17"));
  d.fails(gone());
  CHECK(d.is_sending(Kind::kList, ""));
  d.fails(gone());
  CHECK(d.effects.wait.has_value());
}

TEST_CASE("L6: reflector: a version ahead of the server is dropped after Retry-After") {
  Driver d;
  d.sync_by_list("17");
  d.sends_error_event(gone());
  d.sit_out();
  REQUIRE(d.is_sending(Kind::kList, "17"));
  d.fails(version_too_large());
  CHECK(d.sit_out() >= seconds(1));
  CHECK(d.is_sending(Kind::kList, ""));
  d.response();
  d.page("5");
  CHECK(d.is_sending(Kind::kWatch, "5"));
  CHECK(d.state.resource_version == "5");
}

TEST_CASE("L7, L8: reflector: a list that fails changes nothing") {
  const auto code = GENERATE(ErrorCode::kUnavailable, ErrorCode::kMalformed, ErrorCode::kTooLarge);
  Driver d;
  d.sync_by_list("17");
  d.sends_error_event(gone());
  d.sit_out();
  d.forget();
  d.response();
  d.fails({code, "cut"});
  CHECK(d.marks == kGivenUp);
  CHECK(d.state.synced);
  CHECK(d.state.last_error->code == code);
  d.sit_out();
  CHECK(d.is_sending(Kind::kList, "17"));
}

TEST_CASE("L9: reflector: a slow page is halved down to one item, a good list restores it") {
  Driver d(1, 5);
  d.sync_by_list("17");
  d.sends_error_event(version_too_large());
  d.sit_out();
  for (const std::uint32_t limit : {5U, 2U, 1U, 1U}) {
    REQUIRE(d.is_sending(Kind::kList, ""));
    CHECK(d.effects.send->limit == limit);
    d.pass(seconds(60));
    d.fails(unavailable());
    d.sit_out();
  }
  d.fails(unavailable());
  CHECK(d.state.page_items == 1);
  d.sit_out();
  d.response();
  d.page("20");
  CHECK(d.state.page_items == 5);
}

TEST_CASE("L9: reflector: a page that fails fast is not halved") {
  Driver d(1, 8);
  d.sync_by_list("17");
  d.sends_error_event(version_too_large());
  d.sit_out();
  d.fails(unavailable());
  d.sit_out();
  CHECK(d.effects.send->limit == 8);
}

TEST_CASE("L10: reflector: a relist is bracketed, so that what it lacks goes") {
  Driver d;
  d.sync_by_watch_list("17");
  d.sends_error_event(gone());
  d.sit_out();
  d.forget();
  REQUIRE(d.state.query.kind == Kind::kWatchList);
  d.response();
  d.object("3");
  d.end_bookmark("20");
  CHECK(d.marks == kReplaced);
}

TEST_CASE("L3: reflector: pages without end are a failure") {
  Driver d;
  d.start();
  d.fails(invalid());
  d.response();
  d.page("9", "same");
  d.page("9", "same");
  CHECK(d.marks == kGivenUp);
  CHECK(d.state.last_error->code == ErrorCode::kMalformed);
}

TEST_CASE("L8: reflector: a list without resourceVersion is a failure") {
  Driver d;
  d.start();
  d.fails(invalid());
  d.response();
  d.page("");
  CHECK(d.marks == kGivenUp);
  CHECK_FALSE(d.state.synced);
}

TEST_CASE("S2, S4: reflector: a server without WatchList is asked for a LIST at once") {
  const auto refuse = GENERATE(0, 1, 2, 3, 4);
  CAPTURE(refuse);
  Driver d;
  d.start();
  if (refuse > 0) d.response();
  switch (refuse) {
    case 0: d.fails(invalid()); break;
    case 1:  // ignored the parameter, sent everything, and the stream ended
      d.object("7");
      d.ends();
      break;
    case 2:  // nothing came for 30 s
      d.fails(unavailable(), Cause::kNoProgress);
      break;
    case 3:  // an ordinary bookmark, or one whose mark a proxy has lost
      d.object("7");
      d.bookmark("8");
      CHECK(d.effects.end_request);
      d.fails(unavailable(), Cause::kNoProgress);
      break;
    default:  // an end bookmark that says nothing
      d.end_bookmark("");
      CHECK(d.effects.end_request);
      d.fails(unavailable(), Cause::kNoProgress);
      break;
  }
  CHECK(d.is_sending(Kind::kList, "0"));
  if (refuse > 0) CHECK(d.marks == kGivenUp);
}

TEST_CASE("S2: reflector: the lack of WatchList is remembered for ten minutes") {
  Driver d;
  d.sync_by_list("17");
  d.sends_error_event(gone());
  d.sit_out();
  CHECK(d.is_sending(Kind::kList, "17"));
  d.response();
  d.page("18");
  d.pass(minutes(10));
  d.sends_error_event(gone());
  d.sit_out();
  CHECK(d.is_sending(Kind::kWatchList, "18"));
}

TEST_CASE("S3: reflector: three drops before the end bookmark are enough") {
  Driver d;
  d.start();
  for (int drop = 0; drop < 3; ++drop) {
    REQUIRE(d.is_sending(Kind::kWatchList, ""));
    d.response();
    d.object("5");
    d.fails(unavailable());
    d.sit_out();
  }
  CHECK(d.is_sending(Kind::kList, "0"));
}

TEST_CASE("S3: reflector: a server that is down is no server without WatchList") {
  Driver d;
  d.start();
  for (int attempt = 0; attempt < 10; ++attempt) {
    d.fails(unavailable());
    d.sit_out();
    REQUIRE(d.is_sending(Kind::kWatchList, ""));
  }
}

}  // namespace
}  // namespace lookout::kube
