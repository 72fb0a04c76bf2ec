// The settings that concern releases, as the modules take them.
#pragma once

#include "lookout/state/release_cache.hpp"

#include "controllers/release_controller.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

controllers::ReleaseControllerOptions controller_options(const Settings& settings);
state::ReleaseCacheOptions cache_options(const Settings& settings);

}  // namespace lookout::cli
