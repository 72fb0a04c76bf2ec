// One repository as it is published: what metrics and pages read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/helm/chart_index.hpp"
#include "lookout/state/repository_stats.hpp"

namespace lookout::state {

// The last good data of a repository; immutable, shared.
struct RepositoryIndex {
  helm::ChartIndex index;
  std::uint64_t bytes = 0;  // as fetched
};

// Immutable once published.
struct Repository {
  std::string name;
  std::string type;             // "s3", "http", "oci"
  std::string url;              // without credentials and query
  bool up = false;              // the last scan worked
  std::string last_error_type;  // of the last scan when it failed
  std::string last_error;       // one line for people
  std::optional<WallTime> last_attempt;
  std::optional<WallTime> last_success;
  std::shared_ptr<const RepositoryIndex> data;  // null before the first success
  std::shared_ptr<RepositoryStats> stats;       // lives as long as the repository is configured
};

using RepositoryPtr = std::shared_ptr<const Repository>;
// In the order of the settings, which breaks ties of the join.
using RepositorySnapshot = std::vector<RepositoryPtr>;

// Its highest stable version; null when there is none.
const helm::ChartVersion* latest_stable(const helm::IndexedChart& chart);
// The version that speaks for the chart, as in Helm: the highest stable one, else the highest.
// REQUIRES: it has a version.
const helm::ChartVersion& newest(const helm::IndexedChart& chart);
// The latest `created` of its versions, in Unix seconds; nullopt when none has any.
std::optional<std::int64_t> newest_created_seconds(const helm::IndexedChart& chart);

}  // namespace lookout::state
