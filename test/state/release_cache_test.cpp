#include "lookout/state/release_cache.hpp"

#include <catch2/catch.hpp>

#include "test/state/cache_fixture.hpp"

namespace lookout::state {

using test::CacheFixture;
using test::meta;
using test::Object;

TEST_CASE("release cache: one release is published with all that is known of it") {
  CacheFixture f;
  CHECK(f.upsert({.release = "my.app.v2", .revision = 3}) ==
        helm::ReleaseKey{"default", "my.app.v2"});
  f.read({.release = "my.app.v2", .revision = 3}, "1.2.3");
  Release expected;
  expected.key = {"default", "my.app.v2"};
  expected.revision = 3;
  expected.deployed_revision = 3;
  expected.revisions = 1;
  expected.status = helm::Status::kDeployed;
  expected.payload_read = true;
  expected.has_chart_metadata = true;
  expected.chart = "web";
  expected.chart_version = "1.2.3";
  expected.app_version = "2.0";
  expected.updated_seconds = 1'700'000'000;
  expected.first_deployed_seconds = 1'600'000'000;
  expected.storage_bytes = 1'234;
  REQUIRE(f.seen("my.app.v2") != nullptr);
  CHECK(*f.seen("my.app.v2") == expected);
  CHECK(f.cache.counts().objects == 1);
}

TEST_CASE("HSM-1: release cache: deleting the current revision makes the next lower one current") {
  CacheFixture f;
  f.install({.revision = 2, .rv = 10}, "2.0.0");
  const Object pending{.revision = 3, .status = "pending-upgrade", .uid_number = 2, .rv = 11};
  f.install(pending, "3.0.0");
  REQUIRE(f.seen()->revision == 3);
  CHECK(f.seen()->deployed_revision == 2);
  CHECK(f.erase(pending) == helm::ReleaseKey{"default", "foo"});
  const auto wanted = f.cache.wanted_payload({"default", "foo"});
  REQUIRE(wanted);
  CHECK(wanted->revision == 2);
  CHECK(wanted->object_name == "sh.helm.release.v1.foo.v2");
  CHECK(wanted->uid == test::uid(1));
  CHECK(wanted->resource_version == 10);
  f.read({.revision = 2, .rv = 10}, "2.0.0");
  CHECK(f.seen()->revision == 2);
  CHECK(f.seen()->chart_version == "2.0.0");
}

TEST_CASE("HSM-2: release cache: deleting revisions in key order leaves nothing behind") {
  CacheFixture f;
  for (const helm::Revision revision : {1U, 10U, 2U, 3U}) {
    f.install({.revision = revision, .uid_number = revision, .rv = 10 + revision});
  }
  CHECK(f.cache.drain(f.now).releases.size() == 1);
  for (const helm::Revision revision : {1U, 10U, 2U, 3U}) {
    f.erase({.revision = revision, .uid_number = revision, .rv = 50 + revision});
  }
  CHECK(f.cache.snapshot(f.now).empty());
  const ReleaseChanges changes = f.cache.drain(f.now);
  REQUIRE(changes.releases.size() == 1);
  CHECK(changes.releases[0].release == nullptr);
  CHECK(changes.namespace_errors ==
        std::map<std::string, std::optional<std::uint64_t>>{{"default", std::nullopt}});
  CHECK(f.cache.counts().objects == 0);
  CHECK(f.cache.counts().releases == 0);
  CHECK(f.cache.wanted_payloads() == 0);
}

TEST_CASE("HSM-3: release cache: a name with dots leaves like any other") {
  CacheFixture f;
  for (const char* name : {"my.app", "my.app.v2", "v1.v1"}) {
    f.install({.release = name, .rv = 10});
    REQUIRE(f.seen(name) != nullptr);
  }
  for (const char* name : {"my.app", "my.app.v2", "v1.v1"}) {
    CHECK(f.erase({.release = name, .rv = 11}) == helm::ReleaseKey{"default", name});
    CHECK(f.seen(name) == nullptr);
  }
  CHECK(f.cache.counts().objects == 0);
}

TEST_CASE("L11, HSM-5: release cache: a reinstall across a watch gap shows the new revision 1") {
  CacheFixture f;
  for (const helm::Revision revision : {1U, 2U, 3U}) {
    f.install({.revision = revision, .uid_number = revision, .rv = 10 + revision});
  }
  const Object reinstalled{.revision = 1, .uid_number = 9, .rv = 40};
  const bool by_list = GENERATE(true, false);
  if (by_list) {
    CHECK(f.list({reinstalled}).size() == 1);
  } else {
    f.upsert(reinstalled);
    f.erase({.revision = 2, .uid_number = 2, .rv = 41});
    f.erase({.revision = 3, .uid_number = 3, .rv = 42});
  }
  f.read(reinstalled, "9.0.0");
  REQUIRE(f.seen() != nullptr);
  CHECK(f.seen()->revision == 1);
  CHECK(f.seen()->revisions == 1);
  CHECK(f.seen()->chart_version == "9.0.0");
}

TEST_CASE("L11: release cache: a new uid under the same name keeps no chart of the old one") {
  CacheFixture f;
  f.install({.uid_number = 1, .rv = 10}, "1.0.0");
  f.upsert({.uid_number = 2, .rv = 11});
  CHECK(f.cache.wanted_payload({"default", "foo"})->uid == test::uid(2));
  f.pass(std::chrono::seconds(2));
  CHECK_FALSE(f.seen()->payload_read);
  CHECK(f.seen()->chart.empty());
}

TEST_CASE("W15: release cache: repeated and late events change nothing") {
  CacheFixture f;
  f.install({.status = "deployed", .uid_number = 2, .rv = 10});
  f.seen();
  CHECK_FALSE(f.upsert({.status = "deployed", .uid_number = 2, .rv = 10}));
  CHECK_FALSE(f.upsert({.status = "pending-install", .uid_number = 2, .rv = 9}));
  CHECK_FALSE(f.upsert({.status = "failed", .uid_number = 1, .rv = 8}));
  CHECK_FALSE(f.erase({.uid_number = 1, .rv = 9}));
  CHECK_FALSE(f.erase({.release = "bar"}));
  CHECK_FALSE(f.erase({.ns = "other"}));
  CHECK(f.seen()->deployed_revision == 1);
  CHECK(f.cache.wanted_payloads() == 0);
}

TEST_CASE("release cache: a deletion seen under a later uid removes what it replaced") {
  CacheFixture f;
  f.install({.uid_number = 1, .rv = 10});
  CHECK(f.erase({.uid_number = 2, .rv = 12}));
  CHECK(f.seen() == nullptr);
}

TEST_CASE("release cache: an older revision that changes needs no payload") {
  CacheFixture f;
  f.install({.revision = 1, .uid_number = 1, .rv = 10});
  f.install({.revision = 2, .status = "failed", .uid_number = 2, .rv = 11}, "2.0.0");
  CHECK(f.seen()->deployed_revision == 1);
  CHECK_FALSE(f.upsert({.revision = 1, .status = "superseded", .uid_number = 1, .rv = 12}));
  CHECK(f.cache.wanted_payloads() == 0);
  CHECK_FALSE(f.seen()->deployed_revision);
  CHECK(f.seen()->chart_version == "2.0.0");
  CHECK(f.seen()->revisions == 2);
}

TEST_CASE("NOVA-3: release cache: of several deployed revisions the highest counts") {
  CacheFixture f;
  f.install({.revision = 10, .uid_number = 10, .rv = 10});
  f.upsert({.revision = 9, .uid_number = 9, .rv = 11});
  CHECK(f.seen()->deployed_revision == 10);
}

TEST_CASE("release cache: equal names in two namespaces are two releases") {
  CacheFixture f;
  f.install({.uid_number = 1, .ns = "a"}, "1.0.0");
  f.install({.uid_number = 2, .ns = "b"}, "2.0.0");
  CHECK(f.seen("foo", "a")->chart_version == "1.0.0");
  CHECK(f.seen("foo", "b")->chart_version == "2.0.0");
  f.erase({.uid_number = 1, .ns = "a"});
  CHECK(f.seen("foo", "a") == nullptr);
  CHECK(f.seen("foo", "b") != nullptr);
}

TEST_CASE("release cache: the status is the payload's, else the label's, else unknown") {
  CacheFixture f;
  const Object object{.status = GENERATE(as<std::string>{}, "failed", "Deployed", "")};
  f.upsert(object);
  helm::ReleaseFacts facts = test::chart_facts("1.0.0");
  SECTION("the payload names one of Helm's nine") {
    f.cache.put_payload(test::payload(object, facts));
    CHECK(f.seen()->status == helm::Status::kDeployed);
  }
  SECTION("the payload does not") {
    facts.status.reset();
    f.cache.put_payload(test::payload(object, facts));
    CHECK(f.seen()->status == helm::parse_status(object.status).value_or(helm::Status::kUnknown));
  }
  CHECK_FALSE(f.seen()->deployed_revision);
}

TEST_CASE("release cache: names that are none are counted while they exist") {
  CacheFixture f;
  helm::SecretMeta bad = meta({});
  bad.name = "sh.helm.release.v1.foo.v007";
  helm::SecretMeta unsupported = meta({});
  unsupported.name = "sh.helm.release.v2.foo.v1";
  using Ignored = std::array<std::uint64_t, helm::kIgnoredNameCount>;
  CHECK_FALSE(f.cache.upsert(0, bad, f.now));
  CHECK_FALSE(f.cache.upsert(0, bad, f.now));
  CHECK_FALSE(f.cache.upsert(0, unsupported, f.now));
  CHECK(f.cache.ignored_objects() == Ignored{1, 1});
  CHECK(f.cache.snapshot(f.now).empty());
  SECTION("deleted by the watch") {
    f.cache.erase(0, bad, f.now);
    f.cache.erase(0, bad, f.now);
    CHECK(f.cache.ignored_objects() == Ignored{0, 1});
  }
  SECTION("an older incarnation's deletion comes late") {
    bad.uid = test::uid(77);
    bad.resource_version = "1";
    f.cache.erase(0, bad, f.now);
    CHECK(f.cache.ignored_objects() == Ignored{1, 1});
  }
  SECTION("not in the next list") {
    f.cache.begin_replace(0);
    f.cache.replace_item(0, unsupported);
    CHECK(f.cache.ignored_objects() == Ignored{1, 1});
    f.cache.commit_replace(0, f.now);
    CHECK(f.cache.ignored_objects() == Ignored{0, 1});
  }
}

TEST_CASE("release cache: only allowed user labels are kept, those of the current revision") {
  const bool all = GENERATE(true, false);
  CacheFixture f({.label_allow_list = {all ? "*" : "team"}});
  helm::SecretMeta object = meta({});
  object.labels.emplace_back("team", "a");
  object.labels.emplace_back("env", "prod");
  object.labels.emplace_back("modifiedAt", "1");
  f.cache.upsert(0, object, f.now);
  f.read({});
  using Labels = std::vector<std::pair<std::string, std::string>>;
  CHECK(f.seen()->labels == (all ? Labels{{"env", "prod"}, {"team", "a"}} : Labels{{"team", "a"}}));
  f.install({.revision = 2, .uid_number = 2, .rv = 11});
  CHECK(f.seen()->labels.empty());
  f.erase({.revision = 2, .uid_number = 2, .rv = 12});
  f.read({});
  CHECK_FALSE(f.seen()->labels.empty());
}

TEST_CASE("release cache: more user labels than the limit are cut by key") {
  CacheFixture f({.label_allow_list = {"*"}});
  helm::SecretMeta object = meta({});
  for (int i = 999; i > 800; --i) object.labels.emplace_back("k" + std::to_string(i), "v");
  f.cache.upsert(0, object, f.now);
  f.read({});
  REQUIRE(f.seen()->labels.size() == 64);
  CHECK(f.seen()->labels.back().first == "k864");
}

}  // namespace lookout::state
