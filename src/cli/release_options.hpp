// The settings that concern releases and their text, as the modules take them.
#pragma once

#include "lookout/metrics/exposition.hpp"
#include "lookout/state/release_cache.hpp"

#include "controllers/release_controller.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

controllers::ReleaseControllerOptions controller_options(const Settings& settings);
state::ReleaseCacheOptions cache_options(const Settings& settings);
// Every shard scans the repositories, which its releases are joined with; the first alone shows
// their families, so that all shards together show what one process does.
metrics::ExpositionOptions exposition_options(const Settings& settings);

}  // namespace lookout::cli
