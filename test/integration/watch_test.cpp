// How a watch ends, breaks, waits and is framed.
#include <catch2/catch.hpp>

#include "test/integration/rig.hpp"

namespace lookout::integration {
namespace {

using How = fakes::BodyCut::How;
using std::chrono::seconds;

void begin(Rig& rig) {
  for (int i = 0; i < 5; ++i) rig.put("app-" + std::to_string(i));
  rig.start();
  REQUIRE(rig.wait_watching());
}

// The reflector's own time between its last request of that kind and the one before.
double seconds_between_last_two(Rig& rig, int speed) {
  const auto requests = rig.server().log().all();
  REQUIRE(requests.size() >= 2);
  const Duration real = requests.back().at - requests[requests.size() - 2].at;
  return std::chrono::duration<double>(real).count() * speed;
}

}  // namespace

TEST_CASE("W1: the end in time leads to the next watch, without list or delay") {
  RigOptions options;
  options.server.watch_time_max = seconds(10);
  Rig rig(options);
  begin(rig);
  REQUIRE(rig.wait_requests(Verb::kWatch, "", 3));
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.count(Verb::kWatchList) + rig.count(Verb::kList) == 1);
  CHECK(rig.restarts("ended") >= 2);
  CHECK(rig.stats().watch_restarts.snapshot().size() == 1);
}

TEST_CASE("W2: bookmarks alone carry it over a compaction") {
  RigOptions options;
  options.server.watch_time_max = seconds(20);
  Rig rig(options);
  begin(rig);
  rig.server().store().advance(1'000);
  const std::string version = std::to_string(rig.server().store().resource_version());
  REQUIRE(rig.wait_requests(Verb::kWatch, "resourceVersion=" + version, 1));
  rig.server().store().compact();
  REQUIRE(rig.wait_requests(Verb::kWatch, "resourceVersion=" + version, 2));
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.count(Verb::kWatchList) + rig.count(Verb::kList) == 1);
}

TEST_CASE("W3: an expired version is listed at that version first") {
  Rig rig;
  begin(rig);
  const std::string version = std::to_string(rig.server().store().resource_version());
  rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(410, GENERATE("Expired", "Gone")));
  rig.server().drop_connections(fakes::Hangup::kFin);
  REQUIRE(rig.wait_requests(Verb::kWatchList, "resourceVersion=" + version, 1));
  REQUIRE(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
  CHECK(rig.relists("expired") == 1);
  CHECK(rig.changes() == 5);
}

TEST_CASE("W4: another error event lists again after a delay") {
  Rig rig;
  begin(rig);
  rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(500, "InternalError"));
  rig.server().drop_connections(fakes::Hangup::kFin);
  REQUIRE(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
  CHECK(rig.relists("server_error") == 1);
  CHECK(rig.restarts("error_event") == 1);
}

TEST_CASE("W5: a throttled request is sent again when the server said so") {
  RigOptions options;
  options.speed = 20;
  Rig rig(options);
  const bool list = GENERATE(true, false);
  if (list) {
    rig.server().inject({Verb::kWatchList, "", 0, 1}, fakes::refuse(429, 7));
    begin(rig);
    CHECK(rig.count(Verb::kWatchList) == 2);
  } else {
    begin(rig);
    rig.server().inject({Verb::kWatch, "", 0, 1}, fakes::refuse(429, 7));
    rig.server().drop_connections(fakes::Hangup::kFin);
    REQUIRE(rig.wait_requests(Verb::kWatch, "", 2));
    CHECK(rig.count(Verb::kWatchList) == 1);
    CHECK(rig.restarts("throttled") == 1);
  }
  const double waited = seconds_between_last_two(rig, options.speed);
  CHECK(waited >= 7.0);
  CHECK(waited <= 10.0);  // one second of jitter, the rest is a slow machine
}

TEST_CASE("W6: refusals without a time are met with growing delays") {
  RigOptions options;
  options.speed = 1'000;
  Rig rig(options);
  const Fault refusal = GENERATE(fakes::refuse(429), fakes::refuse(500), fakes::refuse(503),
                                 canned(502, "text/html", "<html>bad gateway</html>"));
  rig.server().inject({std::nullopt, "", 0, RequestMatcher::kForever}, refusal);
  const MonoTime start = rig.clock().now();
  rig.start();
  REQUIRE(rig.wait([&] { return rig.clock().now() - start > std::chrono::minutes(10); }));
  const std::size_t requests = rig.server().log().count({});
  CHECK(requests >= 5);
  CHECK(requests <= 30);  // 0.05 a second
  rig.server().clear_faults();
  CHECK(rig.wait_watching());
}

TEST_CASE("W9: a server that falls silent is noticed") {
  RigOptions options;
  options.speed = 200;
  Rig rig(options);
  Fault silent;
  silent.bookmarks = Fault::Bookmarks::kNone;
  rig.server().inject({Verb::kWatch, "", 0, 1}, fakes::cut_body(0, How::kStall));
  begin(rig);
  rig.server().drop_connections(fakes::Hangup::kReset);
  REQUIRE(rig.wait_requests(Verb::kWatch, "", 1));
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.restarts("idle") == 1);
  CHECK(rig.commits() == 1);
}

TEST_CASE("W8: a request that is never answered is given up") {
  RigOptions options;
  options.speed = 200;
  Rig rig(options);
  begin(rig);
  Fault mute;
  mute.stall_before_head = true;
  rig.server().inject({Verb::kWatch, "", 0, 1}, mute);
  rig.server().drop_connections(fakes::Hangup::kReset);
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
}

TEST_CASE("W11, W19: events are the same however their bytes are cut") {
  Fault shape;
  shape.single_bytes = GENERATE(true, false);
  shape.json_only = GENERATE(true, false);
  shape.pretty = GENERATE(true, false);
  shape.gzip_members = GENERATE(true, false);
  Rig rig;
  rig.server().inject({std::nullopt, "", 0, RequestMatcher::kForever}, shape);
  begin(rig);
  rig.put("app-0", 2, "failed");
  rig.remove("app-1");
  rig.put("other");
  CHECK(rig.wait_equal());
  CHECK(rig.count(Verb::kWatchList) == 1);
  CHECK(rig.stats().skipped_events.value() == 0);
}

TEST_CASE("W13: half an event at the end is dropped and comes again") {
  Fault cut = fakes::cut_body(GENERATE(1U, 200U, 400U), GENERATE(How::kFin, How::kReset));
  cut.json_only = GENERATE(true, false);
  Rig rig;
  begin(rig);
  rig.server().inject({Verb::kWatch, "", 0, 1}, cut);
  rig.server().drop_connections(fakes::Hangup::kReset);
  rig.put("later");
  REQUIRE(rig.wait_requests(Verb::kWatch, "", 2));
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
}

TEST_CASE("W10: a connection that is to be closed is replaced") {
  Fault close;
  close.close_connection = true;
  RigOptions options;
  options.server.watch_time_max = seconds(10);
  Rig rig(options);
  rig.server().inject({std::nullopt, "", 0, RequestMatcher::kForever}, close);
  begin(rig);
  REQUIRE(rig.wait_requests(Verb::kWatch, "", 2));
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
}

TEST_CASE("W15: repeated, old and unknown objects change nothing") {
  Rig rig;
  begin(rig);
  fakes::ReleaseSpec spec;
  spec.name = "app-0";
  const fakes::ObjectPtr now = rig.server().store().find(
      {fakes::Resource::kSecrets, "default", "sh.helm.release.v1.app-0.v1"});
  fakes::Object older = *now;
  older.resource_version -= 1;
  older.labels.back() = {"status", "failed"};
  fakes::Object never = *now;
  never.name = "sh.helm.release.v1.never.v1";
  never.uid = "11111111-2222-4333-8444-555555555555";
  Fault odd;
  odd.repeat_events = true;
  odd.events = {{"ADDED", *now},
                {"MODIFIED", older},
                {"DELETED", older},
                {"DELETED", never},
                {"MODIFIED", *now}};
  rig.server().inject({Verb::kWatch, "", 0, 1}, odd);
  rig.server().drop_connections(fakes::Hangup::kFin);
  rig.put("app-1", 2, "failed");
  rig.remove("app-2");
  REQUIRE(rig.wait_requests(Verb::kWatch, "", 1));
  CHECK(rig.wait_equal());
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
}

}  // namespace lookout::integration
