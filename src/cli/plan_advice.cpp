#include "src/cli/plan_advice.hpp"

#include <algorithm>
#include <cmath>

namespace lookout::cli {
namespace {

constexpr double kMib = 1U << 20;
constexpr std::size_t kSeriesStep = 10'000;

std::uint32_t memory_mib(std::uint64_t peak_bytes, double factor, std::uint32_t least) {
  const double steps = std::ceil(static_cast<double>(peak_bytes) * factor / kMib / kMemoryStepMib);
  return std::max(least, static_cast<std::uint32_t>(steps) * kMemoryStepMib);
}

std::size_t rounded_up(std::size_t value, std::size_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace

PlanAdvice advise(const PlanReport& report) {
  const std::uint64_t peak = report.process.peak_resident_bytes;
  PlanAdvice out;
  out.memory_request_mib = memory_mib(peak, kMemoryRequestFactor, kMemoryRequestMibMin);
  out.memory_limit_mib = memory_mib(peak, kMemoryLimitFactor, kMemoryLimitMibMin);
  const double millis = std::ceil(report.process.cpu_seconds * 1'000 / kStartSecondsMax);
  out.cpu_request_millis = std::max(kCpuRequestMillisMin, static_cast<std::uint32_t>(millis));
  const auto shards = static_cast<std::uint32_t>(rounded_up(report.scrape.series, kSeriesPerShard) /
                                                 kSeriesPerShard);
  out.total_shards = std::max({1U, report.total_shards, shards * report.total_shards});
  // Room for as many again.
  out.series_max = rounded_up(2 * report.scrape.release_series, kSeriesStep);
  return out;
}

}  // namespace lookout::cli
