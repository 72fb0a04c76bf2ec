#include "src/cli/plan_scans.hpp"

#include <catch2/catch.hpp>

#include "test/state/repository_fixture.hpp"

using namespace lookout;
using namespace lookout::cli;
using namespace std::chrono_literals;

namespace {

Settings one_repository(std::chrono::milliseconds interval = 5min) {
  Settings settings;
  settings.repositories.resize(1);
  settings.repositories[0].name = "own";
  settings.repositories[0].interval = interval;
  return settings;
}

struct Scanned {
  explicit Scanned(std::chrono::milliseconds interval = 5min) : settings(one_repository(interval)) {
    cache.set_repositories({state::test::identity("own")});
  }
  void scan(Counter state::RepositoryStats::*outcome, double seconds) {
    const auto stats = cache.stats("own");
    stats->sync_seconds.observe(seconds);
    ((*stats).*outcome).add();
    if (outcome == &state::RepositoryStats::success) {
      cache.put_success("own", state::test::web({"1.0.0"}), 100, state::test::at(1));
    } else if (outcome == &state::RepositoryStats::errors) {
      cache.put_failure("own", "connect", "refused", state::test::at(1));
    }
    scans.look();
  }
  RepositoryFigures figures() const { return scans.figures().at(0); }

  Settings settings;
  state::RepositoryCache cache;
  PlanScans scans{cache, settings};
};

constexpr auto kSuccess = &state::RepositoryStats::success;
constexpr auto kUnchanged = &state::RepositoryStats::unchanged;
constexpr auto kErrors = &state::RepositoryStats::errors;

}  // namespace

TEST_CASE("plan scans: a second scan tells whether an unchanged index is known") {
  Scanned repository;
  repository.scans.look();
  CHECK_FALSE(repository.scans.done());
  repository.scan(kSuccess, 2.5);
  CHECK_FALSE(repository.scans.done());
  repository.scan(kUnchanged, 0.1);
  CHECK(repository.scans.done());
  repository.scan(kSuccess, 9);  // one too many says nothing more
  CHECK(repository.figures().rescan == Rescan::kUnchanged);
  CHECK(repository.figures().scan_seconds == Approx(2.5));
}

TEST_CASE("plan scans: a server without validators sends all of it again") {
  Scanned repository;
  repository.scan(kSuccess, 1);
  repository.scan(kSuccess, 1);
  CHECK(repository.scans.done());
  CHECK(repository.figures().rescan == Rescan::kReadAgain);
}

TEST_CASE("plan scans: what fails at first is not waited for") {
  Scanned repository;
  repository.scan(kErrors, 1);
  CHECK(repository.scans.done());
  CHECK(repository.figures().error == "connect: refused");
  CHECK(repository.figures().rescan == Rescan::kNotTried);
}

TEST_CASE("plan scans: a failure of the second scan keeps what the first one brought") {
  Scanned repository;
  repository.scan(kSuccess, 1);
  repository.scan(kErrors, 1);
  CHECK(repository.scans.done());
  CHECK(repository.figures().rescan == Rescan::kFailed);
  CHECK(repository.figures().charts == 1);
}

TEST_CASE("plan scans: a repository that is scanned once is scanned once") {
  Scanned repository(0ms);
  CHECK(scanned_twice(repository.settings).repositories[0].interval == 0ms);
  repository.scan(kSuccess, 1);
  CHECK(repository.scans.done());
  CHECK(scanned_twice(one_repository()).repositories[0].interval == 1s);
}

TEST_CASE("plan scans: without repositories there is nothing to wait for") {
  const state::RepositoryCache cache;
  const Settings settings;
  PlanScans scans(cache, settings);
  scans.look();
  CHECK(scans.done());
  CHECK(scans.figures().empty());
}
