// One repository's versions of one chart, prepared for questions about an installed version.
#pragma once

#include <cstdint>
#include <vector>

#include "lookout/helm/chart_index.hpp"

namespace lookout::state {

class ChartVersions {
 public:
  // REQUIRES: `chart` has a version and outlives this.
  explicit ChartVersions(const helm::IndexedChart& chart);

  // The same version, build metadata included; null when there is none.
  const helm::ChartVersion* find(const helm::Version& version) const;
  // Distinct versions of higher precedence; prereleases count for a prerelease only.
  std::uint32_t newer_than(const helm::Version& version) const;
  const helm::IndexedChart& chart() const { return *chart_; }

 private:
  using Versions = std::vector<const helm::ChartVersion*>;

  const helm::IndexedChart* chart_;
  // Ascending, each version once however it is written.
  Versions all_;
  Versions stable_;
};

}  // namespace lookout::state
