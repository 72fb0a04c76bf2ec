#include "controllers/repository_scanner.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <map>

#include "lookout/base/mutex.hpp"

#include "controllers/repository_schedule.hpp"
#include "test/kube/manual_clock.hpp"

using namespace lookout;
using namespace lookout::controllers;
using namespace std::chrono_literals;
using kube::ManualClock;
using repository::ScanOutcome;

namespace {

repository::RepositorySettings settings(std::string name, std::chrono::milliseconds interval) {
  repository::RepositorySettings out;
  out.source = repository::HttpSource{http::Url{"https", "", name, 443, "/charts", ""}, "", {}};
  out.name = std::move(name);
  out.interval = interval;
  return out;
}

repository::ScanData data(std::string chart) {
  repository::ScanData out;
  out.index.charts.push_back(helm::make_indexed_chart(std::move(chart), {}));
  out.index_bytes = 7;
  return out;
}

repository::ScanError failure(std::optional<std::chrono::seconds> retry_after = std::nullopt) {
  return {repository::ScanErrorType::kForbidden, "403 Forbidden", retry_after};
}

// Plays a script a repository; past its end every scan is unchanged.
class Script {
 public:
  struct Scan {
    MonoTime at;
    std::size_t scanner = 0;  // which creation of a scan for that name
  };

  explicit Script(const Clock& clock) : clock_(clock) {}

  void add(const std::string& name, ScanOutcome outcome) {
    MutexLock lock(mutex_);
    script_[name].push_back(std::move(outcome));
  }
  // Its scans last until they are stopped.
  void hang(const std::string& name) {
    MutexLock lock(mutex_);
    hanging_ = name;
  }
  RepositoryScanner::CreateScan creator() {
    return [this](const repository::RepositorySettings& of) {
      MutexLock lock(mutex_);
      return [this, name = of.name, scanner = ++created_[of.name]](std::stop_token stop) {
        return play(name, scanner, stop);
      };
    };
  }
  // Blocks until there are `count`, ten seconds at most.
  std::vector<Scan> wait_for(const std::string& name, std::size_t count) {
    MutexLock lock(mutex_);
    changed_.wait_for(mutex_, 10s, [&]() LOCKED(mutex_) { return scans_[name].size() >= count; });
    return scans_[name];
  }

 private:
  ScanOutcome play(const std::string& name, std::size_t scanner, std::stop_token stop) {
    MutexLock lock(mutex_);
    scans_[name].push_back({clock_.now(), scanner});
    changed_.notify_all();
    if (hanging_ == name) {
      changed_.wait(mutex_, stop, [] { return false; });
      return data("too-late");
    }
    auto& steps = script_[name];
    if (steps.empty()) return repository::Unchanged{};
    ScanOutcome out = std::move(steps.front());
    steps.pop_front();
    return out;
  }

  const Clock& clock_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::map<std::string, std::deque<ScanOutcome>> script_ GUARDED_BY(mutex_);
  std::map<std::string, std::vector<Scan>> scans_ GUARDED_BY(mutex_);
  std::map<std::string, std::size_t> created_ GUARDED_BY(mutex_);
  std::string hanging_ GUARDED_BY(mutex_);
};

struct Rig {
  ManualClock clock;
  state::RepositoryCache cache;
  Script script{clock};
  RepositoryScanner scanner{cache, clock, script.creator()};

  state::RepositoryPtr find(const std::string& name) const {
    for (const auto& repository : *cache.snapshot()) {
      if (repository->name == name) return repository;
    }
    return nullptr;
  }
};

}  // namespace

TEST_CASE("HRE-12: repository scanner: what a scan brings is in the cache, with its counts") {
  Rig rig;
  rig.script.add("a", data("web"));
  rig.script.add("a", repository::Unchanged{});
  rig.script.add("a", failure());
  rig.scanner.set_repositories({settings("a", 5min)});
  rig.script.wait_for("a", 1);
  rig.clock.wait_for_sleepers(1);
  REQUIRE(rig.find("a")->data);
  CHECK(rig.find("a")->data->index.charts[0].name == "web");
  CHECK(rig.find("a")->data->bytes == 7);
  CHECK(rig.find("a")->up);
  for (std::size_t scans = 2; scans <= 3; ++scans) {
    rig.clock.advance_to_next_sleep_end();
    rig.script.wait_for("a", scans);
    rig.clock.wait_for_sleepers(1);
  }
  const auto repository = rig.find("a");
  CHECK_FALSE(repository->up);
  CHECK(repository->last_error_type == "forbidden");
  CHECK(repository->last_error == "403 Forbidden");
  CHECK(repository->data->index.charts[0].name == "web");  // last good data
  CHECK(repository->stats->success.value() == 1);
  CHECK(repository->stats->unchanged.value() == 1);
  CHECK(repository->stats->errors.value() == 1);
  const auto forbidden = static_cast<std::size_t>(repository::ScanErrorType::kForbidden);
  CHECK(repository->stats->errors_by_type[forbidden].value() == 1);
  CHECK(repository->stats->sync_seconds.snapshot().cumulative.back() == 3);
  CHECK(repository->stats->s3_scrape_seconds.snapshot().cumulative.back() == 3);
}

TEST_CASE("repository scanner: Retry-After holds the next scan back") {
  Rig rig;
  rig.script.add("a", failure(600s));
  rig.scanner.set_repositories({settings("a", 1min)});
  rig.script.wait_for("a", 1);
  rig.clock.wait_for_sleep_until(rig.clock.now() + 600s);
  rig.clock.advance(600s);
  CHECK(rig.script.wait_for("a", 2).size() == 2);
}

TEST_CASE("repository scanner: interval 0 is tried until it has worked, then never again") {
  Rig rig;
  rig.script.add("once", failure());
  rig.script.add("once", data("web"));
  rig.scanner.set_repositories({settings("once", 0ms)});
  rig.script.wait_for("once", 1);
  rig.clock.wait_for_sleepers(1);
  rig.clock.advance_to_next_sleep_end();
  rig.script.wait_for("once", 2);
  rig.scanner.set_repositories({settings("once", 0ms), settings("other", 1h)});
  rig.script.wait_for("other", 1);
  rig.clock.wait_for_sleepers(1);
  rig.clock.advance(59min);
  CHECK(rig.script.wait_for("once", 0).size() == 2);
  CHECK(rig.find("once")->data);
}

TEST_CASE("HRE-2: stopping ends a scan under way, and many, within a second") {
  Rig rig;
  std::vector<repository::RepositorySettings> repositories;
  for (std::size_t i = 0; i < kRepositoriesMax; ++i) {
    repositories.push_back(settings("r" + std::to_string(i), 1s));
  }
  rig.script.hang("r0");
  rig.scanner.set_repositories(repositories);
  rig.script.wait_for("r0", 1);
  rig.script.wait_for("r127", 1);
  const auto start = std::chrono::steady_clock::now();
  rig.scanner.stop();
  CHECK(std::chrono::steady_clock::now() - start < 1s);
  // What was cancelled is no success.
  CHECK_FALSE(rig.find("r0")->last_attempt);
}

TEST_CASE("HRE-3: a repository that hangs delays no other, at the start neither") {
  Rig rig;
  rig.script.hang("slow");
  rig.script.add("fast", data("web"));
  rig.scanner.set_repositories({settings("slow", 1min), settings("fast", 10s)});
  rig.script.wait_for("slow", 1);
  for (std::size_t scans = 1; scans <= 5; ++scans) {
    CHECK(rig.script.wait_for("fast", scans).size() == scans);
    rig.clock.wait_for_sleepers(1);
    rig.clock.advance_to_next_sleep_end();
  }
  CHECK(rig.find("fast")->up);
}

TEST_CASE("HRE-4: repositories of all intervals stay present while one is scanned again") {
  Rig rig;
  const std::vector<std::string> names = {"a", "b", "c"};
  for (const auto& name : names) rig.script.add(name, data("of-" + name));
  rig.scanner.set_repositories({settings("a", 2s), settings("b", 5s), settings("c", 1h)});
  for (const auto& name : names) rig.script.wait_for(name, 1);
  rig.clock.wait_for_sleepers(3);
  rig.clock.advance(2200ms);
  rig.script.wait_for("a", 2);
  for (const auto& name : names) {
    CAPTURE(name);
    REQUIRE(rig.find(name)->data);
    CHECK(rig.find(name)->data->index.charts[0].name == "of-" + name);
  }
}

TEST_CASE("HRE-10: before the first scan a repository is there, down, with counters at 0") {
  Rig rig;
  rig.script.hang("a");
  rig.scanner.set_repositories({settings("a", 5min)});
  const auto repository = rig.find("a");
  REQUIRE(repository);
  CHECK_FALSE(repository->up);
  CHECK_FALSE(repository->last_success);
  CHECK_FALSE(repository->data);
  REQUIRE(repository->stats);
  CHECK(repository->stats->errors.value() == 0);
}

TEST_CASE("repository scanner: changed settings disturb only what changed") {
  Rig rig;
  for (const char* name : {"stays", "changes", "leaves"}) rig.script.add(name, data(name));
  rig.scanner.set_repositories(
      {settings("stays", 1h), settings("changes", 1h), settings("leaves", 1h)});
  for (const char* name : {"stays", "changes", "leaves"}) rig.script.wait_for(name, 1);
  rig.clock.wait_for_sleepers(3);
  rig.scanner.set_repositories(
      {settings("comes", 1h), settings("changes", 2h), settings("stays", 1h)});
  CHECK(rig.script.wait_for("changes", 2).back().scanner == 2);
  CHECK(rig.script.wait_for("comes", 1).size() == 1);
  CHECK(rig.script.wait_for("stays", 1).size() == 1);
  const auto snapshot = rig.cache.snapshot();
  REQUIRE(snapshot->size() == 3);
  CHECK((*snapshot)[0]->name == "comes");
  CHECK((*snapshot)[1]->data);  // the same repository: its data stay while it is read again
  CHECK((*snapshot)[2]->name == "stays");
  CHECK((*snapshot)[2]->data);
}

TEST_CASE("repository scanner: what a scan of old settings says is not taken over") {
  Rig rig;
  rig.script.hang("a");
  rig.scanner.set_repositories({settings("a", 1h)});
  rig.script.wait_for("a", 1);
  rig.scanner.set_repositories({settings("a", 2h)});
  CHECK(rig.script.wait_for("a", 2).size() == 2);
  CHECK_FALSE(rig.find("a")->data);
  rig.scanner.set_repositories({});
  CHECK(rig.cache.snapshot()->empty());
}
