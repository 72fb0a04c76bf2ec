// The watch phase of the machine.
#include "test/kube/reflector_driver.hpp"

namespace lookout::kube {
namespace {

using Driver = ReflectorDriver;
using Kind = Driver::Kind;
using Mark = Driver::Mark;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Driver watching(const std::string& version = "17") {
  Driver d;
  d.sync_by_list(version);
  d.response();
  d.forget();
  return d;
}

TEST_CASE("W1: reflector: a watch that ended in time goes on where it was") {
  Driver d = watching();
  d.object("19");
  d.pass(minutes(5));
  d.ends();
  CHECK(d.is_sending(Kind::kWatch, "19"));
  CHECK(d.restarts == std::vector{RestartReason::kEnded});
  CHECK(d.count_sent(Kind::kList) == 0);
  CHECK_FALSE(d.state.failing);
}

TEST_CASE("W2: reflector: bookmarks alone carry a watch forward") {
  Driver d = watching();
  for (int minute = 1; minute <= 10; ++minute) {
    d.pass(minutes(1));
    d.bookmark(std::to_string(100 * minute));
  }
  d.ends();
  CHECK(d.is_sending(Kind::kWatch, "1000"));
}

TEST_CASE("W3: reflector: an expired watch lists at our version first, then the most recent") {
  const bool inside_stream = GENERATE(true, false);
  Driver d = watching();
  if (inside_stream) {
    d.sends_error_event(gone());
  } else {
    d.fails(gone());
  }
  CHECK(d.relists == std::vector{RelistReason::kExpired});
  CHECK(d.restarts == std::vector{RestartReason::kExpired});
  CHECK(d.sit_out() < seconds(2));
  REQUIRE(d.is_sending(Kind::kList, "17"));
  d.fails(gone());
  CHECK(d.is_sending(Kind::kList, ""));
  CHECK(d.relists.size() == 1);
}

TEST_CASE("W3: reflector: failures before an expired watch do not put the list off") {
  Driver d = watching();
  for (int failure = 0; failure < 6; ++failure) {
    d.fails(unavailable());
    d.sit_out();
  }
  d.response();
  d.page("17");  // the probe
  REQUIRE(d.is_sending(Kind::kWatch, "17"));
  d.fails(gone());
  CHECK(d.sit_out() < seconds(2));
  // A server that forgets every version at once is asked less and less often.
  Duration delay{};
  for (int list = 0; list < 8; ++list) {
    d.response();
    d.page("17");
    d.fails(gone());
    delay = d.sit_out();
  }
  CHECK(delay >= seconds(30));
}

TEST_CASE("W4: reflector: another error event lists again after a delay") {
  Driver d = watching();
  d.sends_error_event({ErrorCode::kUnavailable, "500"});
  CHECK(d.relists == std::vector{RelistReason::kServerError});
  CHECK(d.restarts == std::vector{RestartReason::kErrorEvent});
  CHECK(d.state.last_error.has_value());
  CHECK(d.sit_out() >= milliseconds(800));
  CHECK(d.is_sending(Kind::kList, "17"));
}

TEST_CASE("W5: reflector: Retry-After is obeyed, and the version kept") {
  Driver d;
  SECTION("by a watch") {
    d.sync_by_list("17");
    d.forget();
    d.fails(throttled(7));
    const Duration delay = d.sit_out();
    CHECK(delay >= seconds(7));
    CHECK(delay <= seconds(8));
    CHECK(d.is_sending(Kind::kWatch, "17"));
    CHECK(d.relists.empty());
  }
  SECTION("by a list") {
    d.start();
    d.fails(invalid());
    d.fails(throttled(7));
    const Duration delay = d.sit_out();
    CHECK(delay >= seconds(7));
    CHECK(delay <= seconds(8));
    CHECK(d.is_sending(Kind::kList, "0"));
  }
  SECTION("inside the stream") {
    d.sync_by_list("17");
    d.forget();
    d.response();
    d.sends_error_event(throttled(7));
    CHECK(d.sit_out() >= seconds(7));
    CHECK(d.is_sending(Kind::kWatch, "17"));
  }
  SECTION("within reason") {
    d.start();
    d.fails(throttled(1'000'000));
    CHECK(d.sit_out() <= minutes(6));
  }
}

TEST_CASE("W5: reflector: endless refusals with a short Retry-After end in back-off") {
  Driver d;
  d.start();
  Duration delay{};
  for (int i = 0; i < 20; ++i) {
    d.fails(throttled(1));
    delay = d.sit_out();
  }
  CHECK(delay >= seconds(30));
}

TEST_CASE("W7: reflector: an outage ends without a list but one probe") {
  Driver d = watching();
  d.fails({ErrorCode::kUnavailable, "body: reset"});
  const MonoTime back = d.now + minutes(5);
  d.sit_out();
  while (d.now < back) {
    REQUIRE(d.is_sending(Kind::kProbe, "17"));
    CHECK(d.effects.send->limit == 1);
    d.fails(unavailable());
    d.sit_out();
  }
  d.response();
  d.page("18");
  CHECK(d.is_sending(Kind::kWatch, "17"));
  CHECK(d.count_sent(Kind::kList) == 0);
  CHECK(d.count_sent(Kind::kWatchList) == 0);
  CHECK(d.relists.empty());
  CHECK(d.marks.empty());
}

TEST_CASE("W6: reflector: a server that answers probes but no watch is probed once") {
  Driver d = watching();
  d.fails(unavailable());
  d.sit_out();
  d.response();
  d.page("18");
  for (int i = 0; i < 3; ++i) {
    REQUIRE(d.is_sending(Kind::kWatch, "17"));
    d.fails({ErrorCode::kUnavailable, "500"});
    d.sit_out();
  }
  CHECK(d.count_sent(Kind::kProbe) == 1);
  d.response();
  d.fails(unavailable());
  d.sit_out();
  CHECK(d.is_sending(Kind::kProbe, "17"));
}

TEST_CASE("W9: reflector: time-outs of a watch lead back to it") {
  Driver d = watching();
  d.object("19");
  SECTION("silence: asked at once whether our version is known") {
    d.pass(kWatchIdleTimeout);
    d.fails({ErrorCode::kUnavailable, "body: idle"});
    CHECK(d.restarts == std::vector{RestartReason::kIdle});
    CHECK_FALSE(d.state.failing);
    REQUIRE(d.is_sending(Kind::kProbe, "19"));
  }
  SECTION("a broken connection: after a delay") {
    d.pass(seconds(40));
    d.fails({ErrorCode::kUnavailable, "body: timed out"});
    CHECK(d.restarts == std::vector{RestartReason::kBroken});
    d.sit_out();
    REQUIRE(d.is_sending(Kind::kProbe, "19"));
  }
  d.page("19");
  CHECK(d.is_sending(Kind::kWatch, "19"));
}

TEST_CASE("W13: reflector: a stream that breaks inside an event goes on where it was") {
  Driver d = watching();
  d.object("19");
  d.fails({ErrorCode::kMalformed, "ended inside an event"});
  CHECK(d.restarts == std::vector{RestartReason::kMalformed});
  d.sit_out();
  d.page("19");
  CHECK(d.is_sending(Kind::kWatch, "19"));
  CHECK(d.marks.empty());
}

TEST_CASE("W12: reflector: an event over the limit is met with back-off") {
  Driver d = watching();
  d.fails({ErrorCode::kTooLarge, "event"});
  CHECK(d.restarts == std::vector{RestartReason::kTooLarge});
  CHECK(d.effects.wait.has_value());
}

TEST_CASE("W15: reflector: an older or empty version does not take us back") {
  Driver d = watching();
  d.object("100");
  for (const char* version : {"99", "", "abc", "100"}) {
    d.object(version);
    CHECK(d.state.resource_version == "100");
    d.bookmark(version);
    CHECK(d.state.resource_version == "100");
  }
  d.object("1000");
  CHECK(d.state.resource_version == "1000");
}

TEST_CASE("W17: reflector: a server that went back in time is listed anew") {
  Driver d = watching("9000");
  const bool idle = GENERATE(true, false);
  if (idle) {
    d.pass(kWatchIdleTimeout);
    d.fails(unavailable());
  } else {
    d.fails(unavailable());
    d.sit_out();
  }
  REQUIRE(d.is_sending(Kind::kProbe, "9000"));
  d.fails(version_too_large());
  CHECK(d.relists == std::vector{RelistReason::kRewound});
  CHECK(d.sit_out() >= seconds(1));
  REQUIRE(d.is_sending(Kind::kList, ""));
  d.response();
  d.page("40");
  CHECK(d.is_sending(Kind::kWatch, "40"));
}

TEST_CASE("W17: reflector: no probe after a watch that ended in time") {
  Driver d = watching();
  d.pass(minutes(5));
  d.ends();
  CHECK(d.count_sent(Kind::kProbe) == 0);
}

TEST_CASE("W18: reflector: without bookmarks a quiet watch is probed, never listed") {
  Driver d = watching();
  for (int i = 0; i < 20; ++i) {
    d.pass(kWatchIdleTimeout);
    d.fails(unavailable());
    REQUIRE(d.is_sending(Kind::kProbe, "17"));
    d.page("17");
    REQUIRE(d.is_sending(Kind::kWatch, "17"));
    d.response();
  }
  CHECK(d.relists.empty());
  CHECK_FALSE(d.state.failing);
  d.sends_error_event(gone());
  CHECK(d.relists.size() == 1);
}

TEST_CASE("W17: reflector: a server too old for the probe is believed") {
  Driver d = watching();
  d.fails(unavailable());
  d.sit_out();
  d.fails(invalid());
  CHECK(d.is_sending(Kind::kWatch, "17"));
}

TEST_CASE("reflector: a watch that ends at once is a failure, unless it brought something") {
  Driver d = watching();
  d.pass(milliseconds(10));
  SECTION("nothing") {
    d.ends();
    CHECK(d.restarts == std::vector{RestartReason::kShort});
    CHECK(d.state.failing);
    CHECK(d.sit_out() >= milliseconds(800));
  }
  SECTION("an event: one request a second at most") {
    d.object("18");
    d.ends();
    CHECK_FALSE(d.state.failing);
    CHECK(d.sit_out() == milliseconds(990));
    CHECK(d.is_sending(Kind::kWatch, "18"));
  }
}

TEST_CASE("reflector: a watch that is invalid lists the most recent version") {
  Driver d = watching();
  d.fails(invalid());
  CHECK(d.relists == std::vector{RelistReason::kInvalidVersion});
  d.sit_out();
  CHECK(d.is_sending(Kind::kList, ""));
}

}  // namespace
}  // namespace lookout::kube
