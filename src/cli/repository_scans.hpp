// The chart repositories of this process: their cache, and the scanners that keep it true.
#pragma once

#include "lookout/base/clock.hpp"
#include "lookout/repository/scan.hpp"
#include "lookout/state/repository_cache.hpp"

#include "controllers/repository_scanner.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

class RepositoryScans {
 public:
  // `clock` outlives this.
  explicit RepositoryScans(const Clock& clock);

  // Of the first call on, repositories are scanned; of each further one, as it says.
  void apply(const Settings& settings);
  void stop();

  const state::RepositoryCache& cache() const { return cache_; }
  const repository::ScanStats& stats() const { return stats_; }

 private:
  state::RepositoryCache cache_;
  repository::ScanStats stats_;
  const repository::ScanContext context_;
  controllers::RepositoryScanner scanner_;  // last: its threads end before what they use
};

}  // namespace lookout::cli
