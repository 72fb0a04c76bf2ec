// Notices that the settings file changed (a remounted ConfigMap). Nothing in it takes effect
// without a restart yet; what changed is named in the log, and a file that has become
// invalid shows in helm_lookout_config_reload_success.
#pragma once

#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/metrics/self_metrics.hpp"
#include "lookout/system/files.hpp"

#include "src/cli/settings.hpp"

namespace lookout::cli {

class ConfigReload {
 public:
  static constexpr std::chrono::seconds kPeriod{10};

  // "" = no file: poll() does nothing. The file was read and valid a moment ago.
  explicit ConfigReload(const std::string& path);

  void poll(MonoTime now);
  const metrics::ConfigStats& stats() const { return stats_; }

 private:
  void reload();

  system::WatchedFile file_;
  GivenValues values_;
  metrics::ConfigStats stats_;
  bool failing_ = false;
};

}  // namespace lookout::cli
