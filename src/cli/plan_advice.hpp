// From what was measured to what to ask of Kubernetes. Pure.
#pragma once

#include "src/cli/plan_report.hpp"

namespace lookout::cli {

// Memory. The measured peak holds everything once, and what reading it took. More is needed when
// everything changes at once: a relist after an etcd was restored and an index that is read again
// hold the old and the new side by side, and a slow scrape keeps the text it began with. Hence the
// request is the peak and a quarter, the limit twice the peak, and never less than the small
// clusters' floors. docs/sizing.md has what was measured of it.
inline constexpr double kMemoryRequestFactor = 1.25;
inline constexpr double kMemoryLimitFactor = 2;
inline constexpr std::uint32_t kMemoryRequestMibMin = 32;
inline constexpr std::uint32_t kMemoryLimitMibMin = 64;
inline constexpr std::uint32_t kMemoryStepMib = 8;  // both are rounded up to multiples

// CPU. The start is what costs: the request alone, on a node without any to spare, gets through it
// in this time. There is no limit: it would only make starts and scrapes slow.
inline constexpr double kStartSecondsMax = 30;
inline constexpr std::uint32_t kCpuRequestMillisMin = 10;

// Shards. What one process can hold is not the bound, but what one scrape can bring: Prometheus
// ends it after ten seconds by default.
inline constexpr std::size_t kSeriesPerShard = 500'000;

PlanAdvice advise(const PlanReport& report);

}  // namespace lookout::cli
