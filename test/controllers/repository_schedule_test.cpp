#include "controllers/repository_schedule.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::controllers;
using namespace std::chrono_literals;

namespace {

constexpr double kEvenly = 0.5;  // no jitter
const MonoTime kStart{std::chrono::hours(1)};

// From the start of a scan that took a second and failed for the n-th time (0: worked).
std::optional<Duration> delay(Duration interval, unsigned failures, Duration retry_after = 0s) {
  const EndedScan scan{kStart, kStart + 1s, failures, retry_after};
  const auto next = next_scan(interval, scan, kEvenly);
  if (!next) return std::nullopt;
  return *next - (failures > 0 ? scan.end : scan.start);
}

}  // namespace

TEST_CASE("schedule: an interval lies between the starts of scans") {
  CHECK(delay(5min, 0) == Duration(5min));
  CHECK(delay(1s, 0) == Duration(2s));  // one second of scanning, one of rest
}

TEST_CASE("schedule: failures double the delay, from ten seconds to five minutes") {
  const auto [failures, expected] = GENERATE(table<unsigned, Duration>(
      {{1, 10s}, {2, 20s}, {3, 40s}, {5, 160s}, {6, 5min}, {7, 5min}, {4'000'000'000, 5min}}));
  CHECK(delay(5min, failures) == expected);
}

TEST_CASE("schedule: retries suit short and long intervals") {
  CHECK(delay(2s, 1) == Duration(2s));
  CHECK(delay(2s, 3) == Duration(8s));
  CHECK(delay(2s, 100) == Duration(5min));
  CHECK(delay(1h, 1) == Duration(10s));
  CHECK(delay(1h, 100) == Duration(1h));
}

TEST_CASE("schedule: Retry-After is obeyed, an hour at most") {
  CHECK(delay(5min, 1, 120s) == Duration(120s));
  CHECK(delay(5min, 1, 3s) == Duration(10s));
  CHECK(delay(5min, 1, std::chrono::hours(24 * 365)) == Duration(1h));
}

TEST_CASE("schedule: interval 0 is once, after the first success") {
  CHECK(delay(0s, 0) == std::nullopt);
  CHECK(delay(0s, 1) == Duration(10s));
  CHECK(delay(0s, 100) == Duration(5min));
}

TEST_CASE("schedule: jitter is a tenth either way") {
  const EndedScan worked{kStart, kStart, 0, 0s};
  CHECK(next_scan(100s, worked, 0.0) == kStart + 90s);
  CHECK(next_scan(100s, worked, 1.0) == kStart + 110s);
  const EndedScan failed{kStart, kStart, 1, 0s};
  CHECK(next_scan(100s, failed, 0.0) == kStart + 9s);
  CHECK(next_scan(100s, failed, 1.0) == kStart + 11s);
}
