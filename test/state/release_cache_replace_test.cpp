#include <catch2/catch.hpp>

#include "test/state/cache_fixture.hpp"

namespace lookout::state {

using test::CacheFixture;
using test::meta;
using test::Object;

namespace {

std::vector<std::string> names(ReleaseCache& cache, MonoTime now) {
  std::vector<std::string> out;
  for (const ReleasePtr& release : cache.snapshot(now)) {
    out.push_back(release->key.ns + "/" + release->key.name);
  }
  return out;
}

const Object kA{.release = "a", .uid_number = 1, .rv = 10};
const Object kB{.release = "b", .uid_number = 2, .rv = 11};
const Object kC{.release = "c", .uid_number = 3, .rv = 12};

}  // namespace

TEST_CASE("L12: replace: readers see all of the old list until the commit, then all of the next") {
  CacheFixture f;
  f.install(kA);
  f.install(kB);
  f.cache.begin_replace(0);
  f.cache.replace_item(0, meta({.release = "b", .status = "failed", .uid_number = 2, .rv = 20}));
  f.cache.replace_item(0, meta(kC));
  CHECK(names(f.cache, f.now) == std::vector<std::string>{"default/a", "default/b"});
  CHECK(f.seen("b")->status == helm::Status::kDeployed);
  CHECK(f.cache.wanted_payloads() == 0);
  CHECK(f.cache.commit_replace(0, f.now) ==
        std::vector<helm::ReleaseKey>{{"default", "a"}, {"default", "b"}, {"default", "c"}});
  CHECK(names(f.cache, f.now) == std::vector<std::string>{"default/b"});
  f.pass(std::chrono::seconds(2));
  CHECK(names(f.cache, f.now) == std::vector<std::string>{"default/b", "default/c"});
  CHECK(f.seen("b")->status == helm::Status::kFailed);
}

TEST_CASE("L13: replace: a list that changes nothing wants no payload and publishes nothing") {
  CacheFixture f;
  f.install(kA);
  f.install(kB);
  f.cache.drain(f.now);
  CHECK(f.list({kA, kB}).empty());
  CHECK(f.cache.wanted_payloads() == 0);
  CHECK(f.cache.drain(f.now).releases.empty());
}

TEST_CASE("replace: an aborted list leaves everything as it was, also for the next one") {
  CacheFixture f;
  f.install(kA);
  f.install(kB);
  f.cache.begin_replace(0);
  f.cache.replace_item(0, meta(kB));
  f.cache.replace_item(0, meta(kC));
  f.cache.abort_replace(0);
  CHECK(f.cache.commit_replace(0, f.now).empty());
  CHECK(names(f.cache, f.now) == std::vector<std::string>{"default/a", "default/b"});
  f.list({kA, kB});
  CHECK(names(f.cache, f.now) == std::vector<std::string>{"default/a", "default/b"});
}

TEST_CASE("replace: an object the watch brings after the commit survives until the next list") {
  CacheFixture f;
  f.list({kA});
  f.upsert(kB);
  CHECK(f.cache.counts().objects == 2);
  f.list({kA, kB});
  CHECK(f.cache.counts().objects == 2);
  f.list({kA});
  CHECK(f.cache.counts().objects == 1);
}

TEST_CASE("replace: events inside the brackets count in their order, at the commit") {
  CacheFixture f;
  f.install(kA);
  f.cache.begin_replace(0);
  f.cache.replace_item(0, meta(kA));
  f.cache.replace_item(0, meta(kB));
  CHECK_FALSE(f.erase({.release = "a", .uid_number = 1, .rv = 30}));
  CHECK_FALSE(f.upsert(kC));
  CHECK_FALSE(f.erase({.release = "b", .uid_number = 2, .rv = 31}));
  CHECK(names(f.cache, f.now) == std::vector<std::string>{"default/a"});
  f.cache.commit_replace(0, f.now);
  f.pass(std::chrono::seconds(2));
  CHECK(names(f.cache, f.now) == std::vector<std::string>{"default/c"});
}

TEST_CASE("replace: a release deleted and made again inside the brackets never disappears") {
  CacheFixture f;
  f.install(kA, "1.0.0");
  REQUIRE(f.seen("a") != nullptr);
  f.cache.begin_replace(0);
  f.cache.replace_item(0, meta(kA));
  f.erase({.release = "a", .uid_number = 1, .rv = 30});
  f.upsert({.release = "a", .uid_number = 7, .rv = 31});
  f.cache.commit_replace(0, f.now);
  REQUIRE(f.seen("a") != nullptr);
  CHECK(f.seen("a")->chart_version == "1.0.0");
  f.read({.release = "a", .uid_number = 7, .rv = 31}, "2.0.0");
  CHECK(f.seen("a")->chart_version == "2.0.0");
}

TEST_CASE("replace: a list with older resourceVersions is the truth, and its payloads too") {
  CacheFixture f;
  f.install({.status = "failed", .rv = 100}, "2.0.0");
  CHECK(f.list({{.status = "deployed", .rv = 50}}).size() == 1);
  CHECK(f.cache.wanted_payload({"default", "foo"})->resource_version == 50);
  f.read({.rv = 50}, "1.0.0");
  CHECK(f.seen()->status == helm::Status::kDeployed);
  CHECK(f.seen()->chart_version == "1.0.0");
}

TEST_CASE("replace: each stream replaces its own namespace only") {
  CacheFixture f({.stream_namespaces = {"a", "b"}});
  const helm::SecretMeta in_a = meta({.ns = "a"});
  const helm::SecretMeta in_b = meta({.ns = "b"});
  f.cache.upsert(0, in_a, f.now);
  f.cache.upsert(1, in_b, f.now);
  f.cache.upsert(0, in_b, f.now);
  f.cache.begin_replace(0);
  f.cache.replace_item(0, in_b);
  f.cache.commit_replace(0, f.now);
  f.pass(std::chrono::seconds(2));
  CHECK(names(f.cache, f.now) == std::vector<std::string>{"b/foo"});
}

TEST_CASE("replace: an empty list removes everything, error counts included") {
  CacheFixture f;
  f.install(kA);
  f.cache.drain(f.now);
  f.list({});
  const ReleaseChanges changes = f.cache.drain(f.now);
  REQUIRE(changes.releases.size() == 1);
  CHECK(changes.releases[0].release == nullptr);
  CHECK(changes.namespace_errors.at("default") == std::nullopt);
}

}  // namespace lookout::state
