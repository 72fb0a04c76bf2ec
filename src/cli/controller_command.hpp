// `helm-lookout` without a command: the controller.
#pragma once

#include "src/cli/settings_sources.hpp"

namespace lookout::cli {

// Runs until SIGTERM or SIGINT. Returns the exit code: 0 stopped, 1 failed (a port in use),
// 2 bad usage (no cluster to watch). The settings file of `sources` is followed.
int run_controller(const Settings& settings, const SettingsSources& sources);

}  // namespace lookout::cli
