// Follows the settings file (a remounted ConfigMap). Changed repositories and pins take effect;
// other changes need a restart and are named in the log. An invalid file changes nothing and
// shows in helm_lookout_config_reload_success.
#pragma once

#include <functional>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/metrics/self_metrics.hpp"
#include "lookout/system/files.hpp"

#include "src/cli/settings_sources.hpp"

namespace lookout::cli {

class ConfigReload {
 public:
  static constexpr std::chrono::seconds kPeriod{10};
  // Called by poll() with settings whose repositories or pins are others than before.
  using Apply = std::function<void(const Settings&)>;

  // Without a file poll() does nothing.
  ConfigReload(SettingsSources sources, Apply apply);

  void poll(MonoTime now);
  const metrics::ConfigStats& stats() const { return stats_; }

 private:
  void reload();
  void fail(std::string_view event, const Error& error);

  SettingsSources sources_;         // with the file that was last valid
  const GivenValues started_with_;  // of the file
  const Apply apply_;
  system::WatchedFile file_;
  metrics::ConfigStats stats_;
  bool failing_ = false;
};

}  // namespace lookout::cli
