#include "lookout/state/repository.hpp"

#include <algorithm>

#include "lookout/base/check.hpp"

namespace lookout::state {

const helm::ChartVersion* latest_stable(const helm::IndexedChart& chart) {
  const auto at = std::find_if(chart.versions.begin(), chart.versions.end(),
                               [](const auto& version) { return version.version.stable(); });
  return at == chart.versions.end() ? nullptr : &*at;
}

const helm::ChartVersion& newest(const helm::IndexedChart& chart) {
  LOOKOUT_CHECK(!chart.versions.empty());
  const helm::ChartVersion* const stable = latest_stable(chart);
  return stable == nullptr ? chart.versions.front() : *stable;
}

std::optional<std::int64_t> newest_created_seconds(const helm::IndexedChart& chart) {
  std::optional<std::int64_t> newest;
  for (const helm::ChartVersion& version : chart.versions) {
    newest = std::max(newest, version.created_seconds);
  }
  return newest;
}

}  // namespace lookout::state
