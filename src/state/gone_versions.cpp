#include "src/state/gone_versions.hpp"

#include <algorithm>
#include <iterator>

#include "src/state/version_key.hpp"

namespace lookout::state {
namespace {

std::vector<std::uint64_t> sorted_hashes(const helm::ChartIndex& index) {
  std::vector<std::uint64_t> hashes;
  for (const helm::IndexedChart& chart : index.charts) {
    for (const helm::ChartVersion& version : chart.versions) {
      hashes.push_back(hash_version(chart.name, version.version));
    }
  }
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

}  // namespace

VersionChanges compare_versions(const helm::ChartIndex& before, const helm::ChartIndex& after) {
  const auto held = sorted_hashes(before);
  const auto holds = sorted_hashes(after);
  VersionChanges changes;
  std::set_difference(held.begin(), held.end(), holds.begin(), holds.end(),
                      std::back_inserter(changes.gone));
  std::set_difference(holds.begin(), holds.end(), held.begin(), held.end(),
                      std::back_inserter(changes.added));
  return changes;
}

void GoneVersions::apply(const VersionChanges& changes) {
  for (const std::uint64_t hash : changes.added) hashes_.erase(hash);
  for (const std::uint64_t hash : changes.gone) {
    if (hashes_.size() == versions_max_) return;
    hashes_.insert(hash);
  }
}

}  // namespace lookout::state
