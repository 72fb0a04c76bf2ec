#include "lookout/state/release_join.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <map>

#include "test/state/cache_fixture.hpp"
#include "test/state/repository_fixture.hpp"

namespace lookout::state {
namespace {

using test::at;
using test::web;

struct JoinFixture : test::CacheFixture {
  explicit JoinFixture(std::vector<helm::ChartIndex> indexes)
      : repositories(test::repositories(std::move(indexes))) {}

  void scan(std::string_view repository, helm::ChartIndex index) {
    repositories->put_success(repository, std::move(index), 1, at(2));
  }
  // "NAME REPOSITORY BEHIND", "NAME -" without a match, "NAME gone", in the order given.
  std::vector<std::string> drained() {
    std::vector<std::string> out;
    for (const JoinedChange& change : join.drain(now).releases) {
      std::string line = change.key.name + ' ';
      if (change.release == nullptr) {
        line += "gone";
      } else if (change.match == nullptr) {
        line += '-';
      } else {
        line += change.match->repository + ' ' + std::to_string(change.match->versions_behind);
      }
      out.push_back(std::move(line));
    }
    return out;
  }

  std::unique_ptr<RepositoryCache> repositories;
  ReleaseJoin join{cache, repositories.get()};
};
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("release join: without repositories it passes on what the cache says") {
  test::CacheFixture f;
  ReleaseJoin join(f.cache, nullptr);
  f.install({});
  const JoinedChanges changes = join.drain(f.now);
  REQUIRE(changes.releases.size() == 1);
  CHECK(changes.releases[0].key == helm::ReleaseKey{"default", "foo"});
  CHECK(changes.releases[0].release == f.seen());
  CHECK(changes.releases[0].match == nullptr);
  CHECK(changes.namespace_errors.at("default") == 0);
  REQUIRE(changes.repositories != nullptr);
  CHECK(changes.repositories->empty());
  f.erase({.rv = 20});
  CHECK(join.drain(f.now).releases[0].release == nullptr);
}

TEST_CASE("release join: a release comes with its match, and again when either changes") {
  JoinFixture f({web({"1.0.0", "1.1.0"})});
  f.install({.release = "old", .uid_number = 1}, "1.0.0");
  f.install({.release = "top", .uid_number = 2}, "1.1.0");
  CHECK(f.drained() == Lines{"old a 1", "top a 0"});
  CHECK(f.drained().empty());
  f.install({.release = "old", .uid_number = 1, .rv = 11}, "1.1.0");
  CHECK(f.drained() == Lines{"old a 0"});
  f.scan("a", web({"1.0.0", "1.1.0", "1.2.0"}));
  CHECK(f.drained() == Lines{"old a 1", "top a 1"});
  f.erase({.release = "top", .uid_number = 2, .rv = 20});
  CHECK(f.drained() == Lines{"top gone"});
  f.scan("a", web({}));
  CHECK(f.drained() == Lines{"old -"});
}

TEST_CASE("release join: a scan that changes no match brings no release") {
  JoinFixture f({web({"1.0.0", "1.1.0"})});
  f.install({}, "1.1.0");
  f.drained();
  f.repositories->put_unchanged("a", at(3));
  CHECK(f.drained().empty());
  f.repositories->put_failure("a", "dns", "no such host", at(4));
  CHECK(f.drained().empty());
  f.scan("a", web({"1.0.0", "1.0.1", "1.1.0"}));
  CHECK(f.drained().empty());
}

TEST_CASE("release join: the first scan and a repository that leaves reach every release") {
  JoinFixture f({});
  f.install({}, "1.0.0");
  CHECK(f.drained() == Lines{"foo -"});
  f.repositories->set_repositories({test::identity("late")});
  CHECK(f.drained().empty());
  f.scan("late", web({"1.0.0"}));
  CHECK(f.drained() == Lines{"foo late 0"});
  f.repositories->set_repositories({});
  CHECK(f.drained() == Lines{"foo -"});
}

TEST_CASE("release join: a release that changes together with a scan comes once") {
  JoinFixture f({web({"1.0.0"})});
  f.install({}, "1.0.0");
  f.drained();
  f.install({.rv = 11}, "1.1.0");
  f.scan("a", web({"1.0.0", "1.1.0", "1.2.0"}));
  CHECK(f.drained() == Lines{"foo a 1"});
}

TEST_CASE("release join: pins take effect at the next drain, for pages at once") {
  JoinFixture f({web({"1.0.0"}), web({"2.0.0"})});
  f.install({}, "1.0.0");
  CHECK(f.drained() == Lines{"foo a 0"});
  f.join.set_pins({{"web", "", "", "b"}});
  CHECK(f.join.matcher()->match(*f.seen())->repository == "b");
  CHECK(f.drained() == Lines{"foo b 1"});
  f.join.set_pins({{"web", "", "", "b"}});
  CHECK(f.drained().empty());
  f.join.set_pins({});
  CHECK(f.drained() == Lines{"foo a 0"});
}

TEST_CASE("release join: the order of the settings is part of the match") {
  JoinFixture f({web({"1.0.0"}), web({"1.0.0", "2.0.0"})});
  f.install({}, "1.0.0");
  CHECK(f.drained() == Lines{"foo a 0"});
  f.repositories->set_repositories({test::identity("b"), test::identity("a")});
  CHECK(f.drained() == Lines{"foo b 1"});
}

TEST_CASE("release join: repositories and matches are of one snapshot") {
  JoinFixture f({web({"1.0.0"})});
  f.install({}, "1.0.0");
  const JoinedChanges changes = f.join.drain(f.now);
  REQUIRE(changes.repositories->size() == 1);
  CHECK(changes.repositories->front()->data->index == web({"1.0.0"}));
  CHECK(changes.releases[0].match->latest_version == "1.0.0");
}

TEST_CASE("release join: whatever happened before, matches are those of what there is") {
  const bool ok = rc::check([] {
    JoinFixture f({web({"1.0.0"}), web({"2.0.0"})});
    std::map<helm::ReleaseKey, JoinedChange> shown;
    std::uint64_t rv = 10;
    const auto edits = *rc::gen::container<std::vector<std::tuple<unsigned, unsigned>>>(
        rc::gen::tuple(rc::gen::inRange(0U, 8U), rc::gen::inRange(0U, 6U)));
    for (const auto& [kind, number] : edits) {
      const std::string version = std::to_string(number / 2) + '.' + std::to_string(number % 2);
      const test::Object object{
          .release = "r" + std::to_string(number), .uid_number = number, .rv = ++rv};
      if (kind < 3) f.install(object, std::to_string(kind) + ".0.0");
      if (kind == 3) f.erase(object);
      if (kind == 4) f.scan("a", web({"1.0.0", version}));
      if (kind == 5) f.scan("b", web({version}));
      if (kind == 6) f.join.set_pins({{"web", "", "", number % 2 == 0 ? "a" : "b"}});
      if (kind == 7) f.join.set_pins({});
      if (number % 2 == 0) continue;
      for (JoinedChange& change : f.join.drain(f.now).releases) shown[change.key] = change;
    }
    for (JoinedChange& change : f.join.drain(f.now).releases) shown[change.key] = change;
    std::erase_if(shown, [](const auto& item) { return item.second.release == nullptr; });
    const auto all = f.cache.snapshot(f.now);
    RC_ASSERT(all.size() == shown.size());
    for (const ReleasePtr& release : all) {
      const JoinedChange& change = shown.at(release->key);
      const auto wanted = f.join.matcher()->match(*release);
      RC_ASSERT(wanted.has_value() == (change.match != nullptr));
      if (wanted) RC_ASSERT(*wanted == *change.match);
      RC_ASSERT(*change.release == *release);
    }
  });
  CHECK(ok);
}

}  // namespace lookout::state
