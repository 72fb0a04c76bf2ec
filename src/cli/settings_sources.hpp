// Where this process' settings come from, read once at start. The settings file may be read
// again; flags and environment stay what they were.
#pragma once

#include <map>
#include <string>

#include "lookout/base/result.hpp"

#include "src/cli/arguments.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

struct SettingsSources {
  GivenSources given;
  std::string config_file;  // --config, else HELM_LOOKOUT_CONFIG; "" = none
  std::string config_text;  // as it was read
  std::string host_name;    // of the pod: "helm-lookout-3"
};

// Reads the settings file. kInvalid in one line that names the file or the variable.
Result<SettingsSources> read_sources(const Arguments& arguments,
                                     const std::map<std::string, std::string>& environment);

}  // namespace lookout::cli
