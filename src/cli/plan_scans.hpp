// The scans of a plan: each repository is read, and read once more to see what an unchanged index
// costs. Not thread-safe, but for the scanners it looks at.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "lookout/state/repository_cache.hpp"

#include "src/cli/plan_report.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

// The settings with the second scans as soon as scanners do them; scanned once stays once.
Settings scanned_twice(Settings settings);

class PlanScans {
 public:
  // Both outlive this; `settings` as the user gave them.
  PlanScans(const state::RepositoryCache& cache, const Settings& settings)
      : cache_(cache), settings_(settings) {}

  // Notes what has come since. Scans less than one call apart are not told apart.
  void look();
  // Nothing more is to come: each was read twice, or not at all.
  bool done() const;

  std::vector<RepositoryFigures> figures() const;

 private:
  struct Seen {
    double first_seconds = 0;
    bool failed = false;  // the first
    bool again = false;
    Rescan rescan = Rescan::kNotTried;
  };
  void look_at(const state::Repository& repository);

  const state::RepositoryCache& cache_;
  const Settings& settings_;
  std::map<std::string, Seen> seen_;
};

}  // namespace lookout::cli
