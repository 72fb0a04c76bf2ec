#include <catch2/catch.hpp>

#include "test/state/cache_fixture.hpp"

namespace lookout::state {

using namespace std::chrono_literals;
using test::CacheFixture;
using test::Object;
using test::payload;

namespace {

const helm::ReleaseKey kFoo{"default", "foo"};
using Errors = std::map<std::string, std::optional<std::uint64_t>>;

}  // namespace

TEST_CASE("payload: a release appears when its payload was read, or after two seconds") {
  CacheFixture f;
  f.upsert({});
  CHECK(f.seen() == nullptr);
  SECTION("read") {
    f.read({});
    CHECK(f.seen()->payload_read);
  }
  SECTION("late") {
    f.pass(1'999ms);
    CHECK(f.seen() == nullptr);
    f.pass(1ms);
    REQUIRE(f.seen() != nullptr);
    CHECK_FALSE(f.seen()->payload_read);
    CHECK_FALSE(f.seen()->has_chart_metadata);
    CHECK(f.seen()->status == helm::Status::kDeployed);
    f.read({});
    CHECK(f.seen()->payload_read);
  }
}

TEST_CASE("payload: what was published stays until the change can be shown, two seconds at most") {
  CacheFixture f;
  f.install({.status = "deployed", .rv = 10}, "1.0.0");
  f.seen();
  f.upsert({.revision = 2, .status = "pending-upgrade", .uid_number = 2, .rv = 11});
  f.pass(1s);
  f.upsert({.revision = 2, .status = "failed", .uid_number = 2, .rv = 12});
  CHECK(f.seen()->revision == 1);
  f.pass(1s);
  CHECK(f.seen()->revision == 2);
  CHECK(f.seen()->status == helm::Status::kFailed);
  CHECK(f.seen()->chart.empty());
}

TEST_CASE("HSM-14: payload: each object and resourceVersion is wanted once") {
  CacheFixture f;
  f.upsert({.rv = 10});
  CHECK(f.cache.wanted_payloads() == 1);
  CHECK(f.read({.rv = 10}));
  CHECK_FALSE(f.cache.wanted_payload(kFoo));
  CHECK(f.upsert({.rv = 11}) == kFoo);
  CHECK(f.cache.wanted_payload(kFoo)->resource_version == 11);
  CHECK(f.cache.wanted_payloads() == 1);
  CHECK_FALSE(f.cache.wanted_payload({"default", "bar"}));
}

TEST_CASE("payload: facts that come too late are refused") {
  CacheFixture f;
  f.upsert({.revision = 2, .uid_number = 2, .rv = 20});
  CHECK_FALSE(f.read({.release = "bar"}));
  CHECK_FALSE(f.read({.ns = "other"}));
  CHECK_FALSE(f.read({.revision = 1, .uid_number = 1, .rv = 30}));
  CHECK_FALSE(f.read({.revision = 2, .uid_number = 1, .rv = 30}));
  CHECK_FALSE(f.read({.revision = 2, .uid_number = 2, .rv = 19}));
  CHECK(f.read({.revision = 2, .uid_number = 2, .rv = 21}));
  CHECK_FALSE(f.read({.revision = 2, .uid_number = 2, .rv = 20}));
  CHECK(f.cache.wanted_payloads() == 0);
}

TEST_CASE("payload: facts newer than the object count once the watch has brought it") {
  CacheFixture f;
  f.install({.status = "pending-install", .rv = 10}, "1.0.0");
  f.seen();
  f.upsert({.status = "pending-install", .rv = 11});
  f.read({.status = "deployed", .rv = 12}, "1.1.0");
  CHECK(f.cache.wanted_payloads() == 0);
  CHECK(f.seen()->status == helm::Status::kPendingInstall);
  SECTION("it comes") {
    f.upsert({.status = "deployed", .rv = 12});
    CHECK(f.cache.wanted_payloads() == 0);
    CHECK(f.seen()->status == helm::Status::kDeployed);
    CHECK(f.seen()->deployed_revision == 1);
    CHECK(f.seen()->chart_version == "1.1.0");
  }
  SECTION("a still later one comes") {
    f.upsert({.status = "deployed", .rv = 13});
    CHECK(f.cache.wanted_payload(kFoo)->resource_version == 13);
  }
  SECTION("nothing comes: what was read is shown rather than nothing") {
    f.pass(2s);
    CHECK(f.seen()->chart_version == "1.1.0");
  }
}

TEST_CASE("HSM-8: payload: an undecodable one shows no old chart and counts once a version") {
  CacheFixture f;
  f.install({.rv = 10}, "1.0.0");
  CHECK(f.cache.drain(f.now).namespace_errors == Errors{{"default", 0}});
  const Object broken{.rv = 11};
  f.upsert(broken);
  CHECK(f.cache.put_payload(payload(broken, helm::Undecodable::kGzip)));
  CHECK(f.cache.put_payload(payload(broken, helm::Undecodable::kGzip)));
  CHECK(f.seen()->undecodable == helm::Undecodable::kGzip);
  CHECK(f.seen()->payload_read);
  CHECK(f.seen()->chart.empty());
  CHECK(f.seen()->storage_bytes == 1'234);
  CHECK_FALSE(f.seen()->updated_seconds);
  CHECK(f.cache.drain(f.now).namespace_errors == Errors{{"default", 1}});
  f.upsert({.rv = 12});
  f.cache.put_payload(payload({.rv = 12}, helm::Undecodable::kNoReleaseKey));
  CHECK_FALSE(f.seen()->storage_bytes);
  CHECK(f.cache.drain(f.now).namespace_errors == Errors{{"default", 2}});
  CHECK(f.cache.drain(f.now).namespace_errors.empty());
}

TEST_CASE("payload: a revision that becomes current again is not counted again") {
  CacheFixture f;
  const Object broken{.revision = 1, .uid_number = 1, .rv = 10};
  const Object next{.revision = 2, .uid_number = 2, .rv = 11};
  f.upsert(broken);
  f.cache.put_payload(payload(broken, helm::Undecodable::kBase64));
  f.install(next);
  f.erase(next);
  CHECK(f.cache.wanted_payload(kFoo)->revision == 1);
  f.cache.put_payload(payload(broken, helm::Undecodable::kBase64));
  CHECK(f.cache.drain(f.now).namespace_errors == Errors{{"default", 1}});
}

TEST_CASE("payload: a namespace's error count goes with its last release and starts again at 0") {
  CacheFixture f;
  const Object broken{.rv = 10};
  f.upsert(broken);
  f.cache.put_payload(payload(broken, helm::Undecodable::kEmpty));
  f.cache.drain(f.now);
  f.erase(broken);
  SECTION("drained in between") {
    CHECK(f.cache.drain(f.now).namespace_errors == Errors{{"default", std::nullopt}});
  }
  f.install({.uid_number = 2, .rv = 20});
  CHECK(f.cache.drain(f.now).namespace_errors == Errors{{"default", 0}});
}

TEST_CASE("payload: without payloads everything shows at once, charts empty") {
  CacheFixture f({.payloads = false});
  helm::SecretMeta object = test::meta({});
  object.labels.emplace_back("createdAt", "1600000000");
  SECTION("created") {
    object.labels.emplace_back("modifiedAt", "soon");
  }
  SECTION("modified") {
    object.labels.emplace_back("modifiedAt", "1700000000");
  }
  const bool modified = object.labels.back().second != "soon";
  f.cache.upsert(0, object, f.now);
  CHECK(f.cache.wanted_payloads() == 0);
  CHECK_FALSE(f.cache.wanted_payload(kFoo));
  REQUIRE(f.seen() != nullptr);
  CHECK(f.seen()->has_chart_metadata);
  CHECK(f.seen()->chart.empty());
  CHECK_FALSE(f.seen()->payload_read);
  CHECK(f.seen()->updated_seconds == (modified ? 1'700'000'000 : 1'600'000'000));
  CHECK_FALSE(f.seen()->storage_bytes);
}

TEST_CASE("payload: all wanted ones come in order of their keys, up to a limit") {
  CacheFixture f;
  f.upsert({.release = "b"});
  f.upsert({.release = "c"});
  f.upsert({.release = "z", .ns = "a"});
  const auto wanted = f.cache.all_wanted_payloads(2);
  REQUIRE(wanted.size() == 2);
  CHECK(wanted[0].key == helm::ReleaseKey{"a", "z"});
  CHECK(wanted[1].key == helm::ReleaseKey{"default", "b"});
  CHECK(f.cache.all_wanted_payloads(9).size() == 3);
}

TEST_CASE("drain: a release that nobody was told of disappears without a word") {
  CacheFixture f;
  f.install({});
  f.erase({});
  CHECK(f.cache.drain(f.now).releases.empty());
}

TEST_CASE("drain: a removal is told before what came after it is shown") {
  CacheFixture f;
  f.install({.rv = 10});
  f.cache.drain(f.now);
  f.erase({.rv = 11});
  f.upsert({.uid_number = 2, .rv = 12});
  auto changes = f.cache.drain(f.now).releases;
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].release == nullptr);
  f.read({.uid_number = 2, .rv = 12}, "2.0.0");
  changes = f.cache.drain(f.now).releases;
  REQUIRE(changes.size() == 1);
  REQUIRE(changes[0].release != nullptr);
  CHECK(changes[0].release->chart_version == "2.0.0");
}

}  // namespace lookout::state
