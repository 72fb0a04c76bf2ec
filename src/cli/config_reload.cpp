#include "src/cli/config_reload.hpp"

#include "lookout/base/log.hpp"

#include "controllers/release_filter.hpp"

namespace lookout::cli {
namespace {

// 32 bits: a Prometheus sample is a double and holds them exactly.
double content_hash(const std::string& content) {
  return static_cast<double>(controllers::fnv1a64(content) & 0xffffffffU);
}

void log_changes(const GivenValues& before, const GivenValues& after) {
  for (const SettingRow& row : settings_table()) {
    const std::string flag(row.flag);
    const auto old_value = before.find(flag);
    const auto value = after.find(flag);
    const bool same = old_value == before.end()
                          ? value == after.end()
                          : value != after.end() && value->second == old_value->second;
    if (!same) log::warn("changed setting needs a restart", {{"setting", file_key(row.flag)}});
  }
}

}  // namespace

ConfigReload::ConfigReload(const std::string& path) : file_(path, kPeriod) {
  stats_.reload_success.set(1);
  if (path.empty()) return;
  if (file_.poll(MonoTime{}) == system::WatchedFile::Outcome::kFailed) return;
  if (auto values = values_from_file(file_.content())) values_ = std::move(*values);
  stats_.hash.set(content_hash(file_.content()));
}

void ConfigReload::poll(MonoTime now) {
  if (file_.path().empty()) return;
  switch (file_.poll(now)) {
    case system::WatchedFile::Outcome::kUnchanged: return;
    case system::WatchedFile::Outcome::kChanged: return reload();
    case system::WatchedFile::Outcome::kFailed:
      stats_.reload_success.set(0);
      if (!failing_) log::error("settings file cannot be read", {{"error", *file_.last_error()}});
      failing_ = true;
      return;
  }
}

void ConfigReload::reload() {
  const auto values = values_from_file(file_.content());
  Result<Settings> settings = Settings();
  // Total shards of a flag may save a shard of the file: judged at the next start, not here.
  if (values) settings = resolve_settings({{}, {}, *values}, "pod-0");
  if (!values || !settings) {
    stats_.reload_success.set(0);
    failing_ = true;
    log::error("settings file is invalid, keeping the old settings",
               {{"error", values ? settings.error() : values.error()}});
    return;
  }
  failing_ = false;
  stats_.reload_success.set(1);
  log_changes(values_, *values);
  values_ = *values;
}

}  // namespace lookout::cli
