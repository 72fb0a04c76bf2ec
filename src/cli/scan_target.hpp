// Which repository `helm-lookout scan` is asked to read.
#pragma once

#include "lookout/base/result.hpp"
#include "lookout/repository/settings.hpp"

#include "src/cli/arguments.hpp"

namespace lookout::cli {

// kInvalid: a name that is not in the settings file, flags beside a name, or keys that an item
// of `repositories:` would not take.
Result<repository::RepositorySettings> scan_target(const Settings& settings,
                                                   const ScanCommand& command);

}  // namespace lookout::cli
