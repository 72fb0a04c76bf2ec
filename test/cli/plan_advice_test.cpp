#include "src/cli/plan_advice.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::cli;

namespace {

PlanAdvice advice_for_peak(std::uint64_t mib) {
  PlanReport report;
  report.process.peak_resident_bytes = mib << 20U;
  return advise(report);
}

}  // namespace

TEST_CASE("plan advice: memory is the peak with head-room, in steps, with a floor") {
  CHECK(advice_for_peak(0).memory_request_mib == kMemoryRequestMibMin);
  CHECK(advice_for_peak(0).memory_limit_mib == kMemoryLimitMibMin);
  CHECK(advice_for_peak(23).memory_request_mib == 32);
  CHECK(advice_for_peak(23).memory_limit_mib == 64);
  CHECK(advice_for_peak(100).memory_request_mib == 128);
  CHECK(advice_for_peak(100).memory_limit_mib == 200);
  CHECK(advice_for_peak(101).memory_limit_mib == 208);
  const PlanAdvice large = advice_for_peak(4'000);
  CHECK(large.memory_request_mib == 5'000);
  CHECK(large.memory_limit_mib == 8'000);
}

TEST_CASE("plan advice: the CPU request gets through the start in thirty seconds") {
  PlanReport report;
  CHECK(advise(report).cpu_request_millis == kCpuRequestMillisMin);
  report.process.cpu_seconds = 0.43;
  CHECK(advise(report).cpu_request_millis == 15);
  report.process.cpu_seconds = 30;
  CHECK(advise(report).cpu_request_millis == 1'000);
}

TEST_CASE("plan advice: shards by what a scrape brings") {
  const auto shards = [](std::size_t series, std::uint32_t total) {
    PlanReport report;
    report.scrape.series = series;
    report.total_shards = total;
    return advise(report).total_shards;
  };
  CHECK(shards(0, 1) == 1);
  CHECK(shards(kSeriesPerShard, 1) == 1);
  CHECK(shards(kSeriesPerShard + 1, 1) == 2);
  // Of a shard: as many as there are, if it is small enough.
  CHECK(shards(100, 3) == 3);
  CHECK(shards(0, 3) == 3);
  CHECK(shards(kSeriesPerShard + 1, 3) == 6);
}

TEST_CASE("plan advice: room for as many series again") {
  PlanReport report;
  CHECK(advise(report).series_max == 0);
  report.scrape.release_series = 4;
  CHECK(advise(report).series_max == 10'000);
  report.scrape.release_series = 180'000;
  CHECK(advise(report).series_max == 360'000);
}
