// `helm-lookout` without a command: the controller.
#pragma once

#include <string>

#include "src/cli/settings.hpp"

namespace lookout::cli {

// Runs until SIGTERM or SIGINT. Returns the exit code: 0 stopped, 1 failed (a port in use),
// 2 bad usage (no cluster to watch). `config_file` is watched for changes; "" = none.
int run_controller(const Settings& settings, const std::string& config_file);

}  // namespace lookout::cli
