// The controller against the fake API server, through the real client: what reaches the cache
// and what was asked of the server for it.
#include "controllers/release_controller.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <string>

#include "test/controllers/release_world.hpp"

using namespace lookout;
using namespace lookout::controllers;
using namespace std::chrono_literals;

TEST_CASE("release controller: reads the current payload of each release once") {
  World world;
  world.put(spec("web", 1, "superseded"));
  world.put(spec("web", 2));
  world.controller().start();
  REQUIRE(world.becomes_ready());

  const auto web = world.release("web");
  REQUIRE(web);
  CHECK(web->revision == 2);
  CHECK(web->payload_read);
  CHECK(web->chart == spec("web").chart.name);
  CHECK(web->storage_bytes > 0U);
  CHECK(world.requests("metadata.name") == 1);
  CHECK(world.controller().payload_stats().fetches.snapshot().at({"ok"}) == 1);
}

TEST_CASE("HSM-1: release controller: deleting the current revision shows the one below") {
  World world;
  world.put(spec("web", 1));
  world.put(spec("web", 2, "pending-upgrade"));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  CHECK(world.release("web")->revision == 2);

  world.remove(spec("web", 2));
  CHECK(world.eventually([&] {
    const auto web = world.release("web");
    return web && web->revision == 1 && web->payload_read;
  }));
  world.remove(spec("web", 1));
  CHECK(world.eventually([&] { return world.release("web") == nullptr; }));
}

TEST_CASE("L11: release controller: a reinstalled release shows its own chart, never the old one") {
  World world;
  world.put(spec("web"));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  const std::string before = world.release("web")->chart;
  fakes::ReleaseSpec other = spec("web");
  other.chart = fakes::chart_samples().back();
  other.version = other.chart.versions.front();
  REQUIRE(std::string(other.chart.name) != before);
  // The payload of the new object does not come yet.
  world.server().inject({.contains = "metadata.name"}, fakes::refuse(500));
  world.remove(spec("web"));
  world.put(other);
  CHECK(world.eventually([&] {
    const auto web = world.release("web");
    return web && web->chart == other.chart.name;
  }));
  CHECK(world.requests("metadata.name") == 3);
}

TEST_CASE("release controller: many payloads come in one streamed list") {
  World world;
  for (int i = 0; i < 60; ++i) world.put(spec("release-" + std::to_string(i)));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  CHECK(world.requests("superseded") == 1);
  CHECK(world.bulk_requests("superseded") == 1);
  CHECK(world.requests("metadata.name") == 0);
  CHECK(world.cache().wanted_payloads() == 0);
}

TEST_CASE("release controller: what the streamed list leaves out is read one by one") {
  World world;
  for (int i = 0; i < 60; ++i) world.put(spec("release-" + std::to_string(i)));
  world.put(spec("odd", 1, "superseded"));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  CHECK(world.release("odd")->payload_read);
  CHECK(world.requests("metadata.name") == 1);
  CHECK(world.bulk_requests("metadata.name") == 0);
}

TEST_CASE("release controller: servers before 1.33 are asked one by one") {
  fakes::FakeApiServerOptions old_server;
  old_server.git_version = "v1.32.9";
  World world({}, old_server);
  for (int i = 0; i < 60; ++i) world.put(spec("release-" + std::to_string(i)));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  CHECK(world.requests("superseded") == 0);
  CHECK(world.requests("metadata.name") == 60);
}

TEST_CASE("release controller: a failed streamed list falls back to single reads") {
  World world;
  for (int i = 0; i < 60; ++i) world.put(spec("release-" + std::to_string(i)));
  world.server().inject({.contains = "superseded", .times = fakes::RequestMatcher::kForever},
                        fakes::cut_body(100, fakes::BodyCut::How::kReset));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  CHECK(world.cache().wanted_payloads() == 0);
  CHECK(world.requests("metadata.name") == 60);
}

TEST_CASE("release controller: payload never asks for no value") {
  World world({.payloads = false});
  world.put(spec("web"));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  REQUIRE(world.release("web"));
  CHECK(world.release("web")->chart.empty());
  for (const auto& request : world.server().log().all()) {
    CHECK_THAT(request.request.header("accept"), Catch::Contains("PartialObjectMetadata"));
  }
}

TEST_CASE("HSM-8: release controller: an undecodable payload hurts only its release") {
  World world;
  world.put(spec("good"));
  fakes::Object bad = fakes::release_object(spec("bad"));
  bad.value = std::make_shared<const std::string>("!!!!");
  world.server().store().put(bad);
  world.controller().start();
  REQUIRE(world.becomes_ready());
  CHECK(world.release("bad")->undecodable == helm::Undecodable::kBase64);
  CHECK(world.release("good")->payload_read);
  CHECK_FALSE(world.release("good")->undecodable);
  const auto reason = static_cast<std::size_t>(helm::Undecodable::kBase64);
  CHECK(world.controller().payload_stats().decode_errors[reason].value() == 1);
  // Read once: it is not tried again before it changes.
  CHECK(world.requests("metadata.name") == 2);
}

TEST_CASE("HSM-9, HEX-10: release controller: a copied Secret goes by its own name and namespace") {
  World world;
  world.put(spec("web"));
  fakes::Object copy = fakes::release_object(spec("copy", 1, "deployed", "elsewhere"));
  copy.value = fakes::whole_release(spec("web")).value;
  world.server().store().put(copy);
  world.controller().start();
  REQUIRE(world.becomes_ready());
  REQUIRE(world.release("copy"));
  CHECK(world.release("copy")->key == helm::ReleaseKey{"elsewhere", "copy"});
  CHECK(world.release("copy")->chart == spec("web").chart.name);
  world.server().store().remove({copy.resource, copy.ns, copy.name});
  CHECK(world.eventually([&] { return world.release("copy") == nullptr; }));
  CHECK(world.release("web"));
}

TEST_CASE("HEX-8: release controller: a namespace deleted while the watch is down is gone") {
  World world;
  world.put(spec("kept"));
  for (const char* name : {"a", "b"}) world.put(spec(name, 1, "deployed", "doomed"));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  world.server().drop_connections(fakes::Hangup::kReset);
  for (const char* name : {"a", "b"}) world.remove(spec(name, 1, "deployed", "doomed"));
  world.server().store().compact();
  CHECK(world.eventually([&] { return !world.release("a") && !world.release("b"); }));
  CHECK(world.release("kept"));
}

TEST_CASE("HEX-4: release controller: a namespace that is refused is counted and named") {
  World world({.namespaces = {"open", "closed"}});
  world.server().inject(
      {.contains = "/namespaces/closed/", .times = fakes::RequestMatcher::kForever},
      fakes::refuse(403));
  world.put(spec("web", 1, "deployed", "open"));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  const auto checks = world.controller().readiness().checks;
  const auto closed = std::find_if(checks.begin(), checks.end(), [](const auto& check) {
    return check.name.find("closed") != std::string::npos;
  });
  REQUIRE(closed != checks.end());
  CHECK_THAT(closed->detail, Catch::Contains("forbidden", Catch::CaseSensitive::No));
  CHECK_FALSE(world.controller().stream_stats(1).watches.snapshot().empty());
  CHECK(world.controller().stream_stats(1).synced.value() == 0);
}

TEST_CASE("release controller: a payload that cannot be read is retried") {
  World world;
  world.server().inject({.contains = "metadata.name"}, fakes::refuse(500));
  world.put(spec("web"));
  world.controller().start();
  CHECK(world.eventually([&] {
    const auto web = world.release("web");
    return web && web->payload_read;
  }));
  CHECK(world.requests("metadata.name") == 2);
  CHECK(world.controller().payload_stats().reconcile_errors.value() == 1);
}

TEST_CASE("release controller: a Retry-After of nothing is no hot loop") {
  World world;
  world.server().inject({.contains = "metadata.name", .times = fakes::RequestMatcher::kForever},
                        fakes::refuse(503, 0));
  world.put(spec("web"));
  world.controller().start();
  REQUIRE(world.eventually([&] { return world.requests("metadata.name") >= 2; }));
  // The second came after a second, so the third is two more away.
  CHECK(world.requests("metadata.name") == 2);
}

TEST_CASE("release controller: ignored namespaces leave no trace") {
  World world({.namespaces_ignore = {"team"}});
  world.put(spec("web"));
  world.put(spec("kept", 1, "deployed", "other"));
  world.controller().start();
  REQUIRE(world.becomes_ready());
  CHECK(world.release("web") == nullptr);
  CHECK(world.release("kept") != nullptr);
}

TEST_CASE(
    "R3: release controller: namespaces mode watches each alone, one refusal stops no other") {
  World world({.namespaces = {"a", "b", "c", "d", "e", "f"}});
  world.server().inject({.contains = "/namespaces/c/", .times = fakes::RequestMatcher::kForever},
                        fakes::refuse(403));
  for (const char* ns : {"a", "b", "c", "d", "e", "f", "g"}) {
    world.put(spec(std::string("in-") + ns, 1, "deployed", ns));
  }
  world.controller().start();
  REQUIRE(world.becomes_ready());
  CHECK(world.release("in-a"));
  CHECK(world.release("in-f"));
  CHECK_FALSE(world.release("in-c"));
  CHECK_FALSE(world.release("in-g"));
  CHECK(world.requests("/api/v1/secrets") == 0);
}

TEST_CASE("R2: release controller: stops at once in whatever it is doing") {
  World world;
  world.server().inject({.times = fakes::RequestMatcher::kForever}, {.stall_before_head = true});
  world.controller().start();
  REQUIRE(world.eventually([&] { return world.requests("") > 0; }));
  const SystemClock clock;
  const MonoTime start = clock.now();
  world.controller().stop();
  CHECK(clock.now() - start < 1s);
}
