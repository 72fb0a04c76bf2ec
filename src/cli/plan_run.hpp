// The controller's work until its first scrape, measured: all that `plan` says comes from here.
#pragma once

#include <cstddef>

#include "lookout/state/release_cache.hpp"

#include "src/cli/plan_report.hpp"
#include "src/cli/release_watch.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

// Reads releases and repositories side by side, as the controller does, and scrapes. `releases`
// was made for `cache` and has not been started; it is stopped in the end. `top`: how many of the
// largest and of the longest releases are named. What cannot be read is in PlanReport::gaps.
PlanReport run_once(const Settings& settings, ReleaseWatch& releases, state::ReleaseCache& cache,
                    std::size_t top);

}  // namespace lookout::cli
