#include "src/state/chart_versions.hpp"

#include <algorithm>
#include <iterator>

#include "src/state/version_key.hpp"

namespace lookout::state {

ChartVersions::ChartVersions(const helm::IndexedChart& chart) : chart_(&chart) {
  all_.reserve(chart.versions.size());
  for (auto version = chart.versions.rbegin(); version != chart.versions.rend(); ++version) {
    all_.push_back(&*version);
  }
  std::stable_sort(all_.begin(), all_.end(),
                   [](const auto* a, const auto* b) { return precedes(a->version, b->version); });
  const auto is_same = [](const auto* a, const auto* b) { return a->version == b->version; };
  all_.erase(std::unique(all_.begin(), all_.end(), is_same), all_.end());
  std::copy_if(all_.begin(), all_.end(), std::back_inserter(stable_),
               [](const auto* version) { return version->version.stable(); });
}

const helm::ChartVersion* ChartVersions::find(const helm::Version& version) const {
  const auto at = std::lower_bound(all_.begin(), all_.end(), version,
                                   [](const auto* held, const helm::Version& wanted) {
                                     return precedes(held->version, wanted);
                                   });
  return at != all_.end() && (*at)->version == version ? *at : nullptr;
}

std::uint32_t ChartVersions::newer_than(const helm::Version& version) const {
  const Versions& versions = version.stable() ? stable_ : all_;
  const auto newer = std::upper_bound(versions.begin(), versions.end(), version,
                                      [](const helm::Version& installed, const auto* held) {
                                        return compare_precedence(installed, held->version) < 0;
                                      });
  return static_cast<std::uint32_t>(versions.end() - newer);
}

}  // namespace lookout::state
