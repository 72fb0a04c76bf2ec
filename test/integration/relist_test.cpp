// What a list that comes later does to what is known.
#include <catch2/catch.hpp>

#include <thread>

#include "test/integration/rig.hpp"

namespace lookout::integration {
namespace {

void begin(Rig& rig, int releases) {
  for (int i = 0; i < releases; ++i) rig.put("app-" + std::to_string(i));
  rig.start();
  REQUIRE(rig.wait_watching());
}

// What happens in `change` is not in the history: only a new list can tell.
void behind_the_back(Rig& rig, const std::function<void()>& change) {
  const std::size_t commits = rig.commits();
  rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(410, "Expired"));
  rig.server().drop_connections(fakes::Hangup::kReset);
  change();
  rig.server().store().compact();
  REQUIRE(rig.wait([&] { return rig.commits() > commits; }));
  CHECK(rig.wait_watching());
}

}  // namespace

TEST_CASE("L10: what is missing is gone") {
  RigOptions options;
  options.server.watch_list = GENERATE(true, false);
  Rig rig(options);
  begin(rig, 20);
  behind_the_back(rig, [&] {
    rig.remove("app-3");
    rig.remove("app-4");
    rig.put("app-5", 2, "failed");
  });
  CHECK(rig.cache().counts().releases == 18);
}

TEST_CASE("L11: an object of the same name and another uid is another object") {
  Rig rig;
  begin(rig, 3);
  const auto reinstall = [&] {
    rig.remove("app-0");
    rig.put("app-0", 1, "failed");
  };
  SECTION("between lists") {
    behind_the_back(rig, reinstall);
  }
  SECTION("while watching") {
    reinstall();
  }
  SECTION("as a modification") {
    Fault odd;
    fakes::Object other = *rig.server().store().find(
        {fakes::Resource::kSecrets, "default", "sh.helm.release.v1.app-0.v1"});
    other.uid = "11111111-2222-4333-8444-555555555555";
    other = *rig.server().store().put(other);
    odd.events = {{"MODIFIED", other}};
    rig.server().inject({Verb::kWatch, "", 0, 1}, odd);
    rig.server().drop_connections(fakes::Hangup::kFin);
  }
  CHECK(rig.wait_equal());
  CHECK(rig.cache().counts().releases == 3);
}

TEST_CASE("L12: readers see the old state or the new one, never less") {
  constexpr int kReleases = 200;
  RigOptions options;
  options.speed = 200;
  Rig rig(options);
  begin(rig, kReleases);
  std::atomic<std::size_t> fewest{kReleases};
  std::jthread reader([&](std::stop_token stop) {
    while (!stop.stop_requested()) {
      const std::size_t seen = rig.cache().snapshot(rig.clock().now()).size();
      if (seen < fewest) fewest = seen;
    }
  });
  for (std::uint32_t revision = 1; revision <= 5; ++revision) {
    behind_the_back(rig, [&] {
      for (int i = 0; i < kReleases; i += 10) {
        rig.put("app-" + std::to_string(i), revision + 1, "failed");
        rig.remove("app-" + std::to_string(i), revision);
      }
    });
  }
  reader.request_stop();
  reader.join();
  CHECK(fewest == kReleases);
}

TEST_CASE("L13: what did not change causes no work") {
  Rig rig;
  begin(rig, 2'000);
  const std::size_t changes = rig.changes();
  rig.cache().drain(rig.clock().now());
  behind_the_back(rig, [] {});
  CHECK(rig.changes() == changes);
  CHECK(rig.cache().drain(rig.clock().now()).releases.empty());
}

TEST_CASE("W17: a server that went back in time is noticed") {
  RigOptions options;
  options.speed = 200;
  options.server.watch_list = GENERATE(true, false);
  Rig rig(options);
  begin(rig, 5);
  const fakes::ObjectStore::Snapshot backup = rig.server().store().snapshot();
  rig.put("lost");
  rig.remove("app-0");
  REQUIRE(rig.wait_equal());
  SECTION("when the connection broke with it") {
    rig.server().store().restore(backup);
    rig.server().drop_connections(fakes::Hangup::kReset);
  }
  SECTION("by silence alone") {
    rig.server().store().restore(backup);
  }
  CHECK(rig.wait_equal());
  CHECK(rig.relists("rewound") == 1);
}

}  // namespace lookout::integration
