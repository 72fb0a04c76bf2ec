// A day of ten repositories on a clock that is moved: when each scan begins is held against the
// sentences of repository_schedule.hpp, worked out anew here.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>

#include "lookout/base/mutex.hpp"

#include "controllers/repository_scanner.hpp"
#include "test/controllers/day_clock.hpp"

using namespace lookout;
using namespace lookout::controllers;
using namespace std::chrono_literals;
using repository::RepositorySettings;
using repository::ScanOutcome;

namespace {

constexpr Duration kDay = 24h;
constexpr Duration kRounding = 1us;

// What a repository does in its n-th scan (0, 1, ...).
struct Behaviour {
  std::chrono::milliseconds interval;
  Duration takes;
  std::size_t scans_min;  // a day: all delays at their longest,
  std::size_t scans_max;  // at their shortest
  std::function<bool(std::size_t)> fails = [](std::size_t) { return false; };
  std::chrono::seconds retry_after{0};
};

struct Scan {
  MonoTime start;
  MonoTime end;
  bool failed = false;
};

const std::map<std::string, Behaviour>& behaviours() {
  const auto always = [](std::size_t) { return true; };
  const auto but_each_fourth = [](std::size_t n) { return n % 4 != 3; };
  static const std::map<std::string, Behaviour> kAll = {
      {"steady", {5min, 200ms, 261, 321}},
      {"quick", {10s, 50ms, 7'854, 9'601}},
      {"slow", {1min, 20s, 1'309, 1'601}},
      {"slower-than-its-interval", {30s, 45s, 1'878, 1'879}},
      {"hourly", {1h, 1s, 21, 27}},
      {"dead", {5min, 30s, 240, 294, always}},
      {"dead-hourly", {1h, 10ms, 28, 36, always}},
      {"flapping", {1min, 1s, 2'366, 2'884, but_each_fourth}},
      {"throttled", {2min, 100ms, 178, 185, but_each_fourth, 600s}},
      {"throttled-for-a-year", {30s, 100ms, 24, 25, always, 365 * 24h}},
  };
  return kAll;
}

RepositorySettings settings(const std::string& name, std::chrono::milliseconds interval) {
  RepositorySettings out;
  out.name = name;
  out.source = repository::HttpSource{http::Url{"https", "", name, 443, "/charts", ""}, "", {}};
  out.interval = interval;
  return out;
}

class Day {
 public:
  Day() : scanner_(cache_, clock_, creator()) {
    for (const auto& [name, behaviour] : behaviours()) intervals_[name] = behaviour.interval;
  }

  // Of one repository from now on; of all at first.
  void set_interval(const std::string& name, std::chrono::milliseconds interval) {
    intervals_[name] = interval;
    apply();
  }
  void apply() {
    std::vector<RepositorySettings> all;
    for (const auto& [name, interval] : intervals_) all.push_back(settings(name, interval));
    scanner_.set_repositories(all);
  }
  // Until then; false when somebody neither scans nor sleeps.
  bool pass(MonoTime end) {
    while (clock_.now() < end) {
      if (!clock_.advance_to_next_sleep_end(behaviours().size())) return false;
    }
    return true;
  }
  MonoTime now() const { return clock_.now(); }
  // Those that have ended.
  std::vector<Scan> scans(const std::string& name) {
    MutexLock lock(mutex_);
    return scans_[name];
  }
  std::uint64_t counted(const std::string& name) const {
    const auto stats = cache_.stats(name);
    return stats->success.value() + stats->unchanged.value() + stats->errors.value();
  }
  void stop() { scanner_.stop(); }

 private:
  RepositoryScanner::CreateScan creator() {
    return [this](const RepositorySettings& of) {
      return [this, name = of.name](std::stop_token stop) { return scan(name, stop); };
    };
  }

  ScanOutcome scan(const std::string& name, std::stop_token stop) {
    const Behaviour& behaviour = behaviours().at(name);
    const MonoTime start = clock_.now();
    if (!clock_.sleep(behaviour.takes, stop)) return repository::Cancelled{};
    MutexLock lock(mutex_);
    std::vector<Scan>& scans = scans_[name];
    const bool failed = behaviour.fails(scans.size());
    scans.push_back({start, clock_.now(), failed});
    if (!failed) return repository::ScanData{};
    return repository::ScanError{repository::ScanErrorType::kThrottled, "busy",
                                 behaviour.retry_after};
  }

  DayClock clock_;
  state::RepositoryCache cache_;
  std::map<std::string, std::chrono::milliseconds> intervals_;
  Mutex mutex_;
  std::map<std::string, std::vector<Scan>> scans_ GUARDED_BY(mutex_);
  RepositoryScanner scanner_;  // last: its threads use all of the above
};

struct Bounds {
  Duration shortest;
  Duration longest;
};

// Of the time from the end of a scan to the start of the next one.
Bounds bounds(const Behaviour& behaviour, std::chrono::milliseconds interval, const Scan& scan,
              unsigned failures) {
  if (failures == 0) {
    const Duration left = Duration(interval) - (scan.end - scan.start);
    return {std::max<Duration>(left - Duration(interval) / 10, 1s),
            std::max<Duration>(left + Duration(interval) / 10, 1s)};
  }
  const double first = std::min(10.0, std::chrono::duration<double>(interval).count());
  const double most = std::max(300.0, std::chrono::duration<double>(interval).count());
  const std::chrono::duration<double> delay(std::min(first * std::exp2(failures - 1), most));
  const Duration asked = std::min<Duration>(behaviour.retry_after, 1h);
  return {std::max(std::chrono::duration_cast<Duration>(delay * 0.9), asked),
          std::max(std::chrono::duration_cast<Duration>(delay * 1.1), asked)};
}

void check_starts(const std::string& name, const std::vector<Scan>& scans,
                  std::chrono::milliseconds interval) {
  unsigned failures = 0;
  for (std::size_t i = 1; i < scans.size(); ++i) {
    failures = scans[i - 1].failed ? failures + 1 : 0;
    const Bounds allowed = bounds(behaviours().at(name), interval, scans[i - 1], failures);
    const Duration pause = scans[i].start - scans[i - 1].end;
    INFO(name << ", scan " << i << ", after " << failures << " failures");
    REQUIRE(pause >= allowed.shortest - kRounding);
    REQUIRE(pause <= allowed.longest + kRounding);
  }
}

Duration mean_gap(const std::vector<Scan>& scans) {
  return (scans.back().start - scans.front().start) / static_cast<int>(scans.size() - 1);
}

// Six standard deviations of 288 delays, each a tenth either way, are less.
void check_no_drift(const std::vector<Scan>& scans, Duration interval) {
  CHECK(mean_gap(scans) >= interval * 98 / 100);
  CHECK(mean_gap(scans) <= interval * 102 / 100);
}

}  // namespace

TEST_CASE("repository day: ten repositories keep to intervals, jitter and retries for a day") {
  Day day;
  const MonoTime start = day.now();
  day.apply();
  REQUIRE(day.pass(start + kDay));
  day.stop();
  for (const auto& [name, behaviour] : behaviours()) {
    const std::vector<Scan> scans = day.scans(name);
    INFO(name << ": " << scans.size() << " scans");
    CHECK(scans.size() >= behaviour.scans_min);
    CHECK(scans.size() <= behaviour.scans_max);
    CHECK(scans.front().start == start);
    check_starts(name, scans, behaviour.interval);
    // The last one may have ended with the day itself.
    CHECK(scans.size() - day.counted(name) <= 1);
  }
  // However long a scan takes, its interval lies between starts.
  for (const char* name : {"steady", "quick", "slow"}) {
    check_no_drift(day.scans(name), behaviours().at(name).interval);
  }
  CHECK(mean_gap(day.scans("slower-than-its-interval")) == Duration(46s));
  CHECK(mean_gap(day.scans("throttled-for-a-year")) == Duration(1h + 100ms));
}

TEST_CASE("repository day: a changed interval holds at once and disturbs no other repository") {
  Day day;
  const MonoTime start = day.now();
  day.apply();
  REQUIRE(day.pass(start + 6h));
  const MonoTime changed_at = day.now();
  const std::size_t before = day.scans("steady").size();
  day.set_interval("steady", 1min);
  REQUIRE(day.pass(start + 12h));
  day.stop();
  const std::vector<Scan> all = day.scans("steady");
  const auto change = all.begin() + static_cast<std::ptrdiff_t>(before);
  CHECK(change->start == changed_at);
  check_starts("steady", {all.begin(), change}, 5min);
  check_starts("steady", {change, all.end()}, 1min);
  CHECK(all.end() - change >= 6 * 60 * 10 / 11);
  for (const auto& [name, behaviour] : behaviours()) {
    if (name != "steady") check_starts(name, day.scans(name), behaviour.interval);
  }
}

TEST_CASE("HRE-3: repository day: five repositories that hang for hours delay no other") {
  DayClock clock;
  state::RepositoryCache cache;
  Mutex mutex;
  std::map<std::string, std::vector<MonoTime>> starts;
  RepositoryScanner scanner(cache, clock, [&](const RepositorySettings& of) {
    return [&, name = of.name](std::stop_token stop) -> ScanOutcome {
      {
        MutexLock lock(mutex);
        starts[name].push_back(clock.now());
      }
      const bool hangs = name.starts_with("dead");
      if (!clock.sleep(hangs ? Duration(5h) : Duration(100ms), stop)) {
        return repository::Cancelled{};
      }
      return repository::ScanData{};
    };
  });
  std::vector<RepositorySettings> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(settings("dead-" + std::to_string(i), 1min));
    all.push_back(settings("live-" + std::to_string(i), 1min));
  }
  const MonoTime start = clock.now();
  scanner.set_repositories(all);
  while (clock.now() < start + 4h) REQUIRE(clock.advance_to_next_sleep_end(all.size()));
  scanner.stop();
  for (int i = 0; i < 5; ++i) {
    CHECK(starts["dead-" + std::to_string(i)].size() == 1);
    const std::vector<MonoTime>& live = starts["live-" + std::to_string(i)];
    CHECK(live.front() == start);
    REQUIRE(live.size() >= 240 * 10 / 11);
    for (std::size_t n = 1; n < live.size(); ++n) {
      REQUIRE(live[n] - live[n - 1] >= Duration(54s));
      REQUIRE(live[n] - live[n - 1] <= Duration(66s));
    }
  }
}
