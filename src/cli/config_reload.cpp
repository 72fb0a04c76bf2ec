#include "src/cli/config_reload.hpp"

#include <utility>

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

ConfigReload::ConfigReload(SettingsSources sources, Apply apply)
    : sources_(std::move(sources)),
      started_with_(sources_.given.file.values),
      apply_(std::move(apply)),
      file_(sources_.config_file, kPeriod) {
  stats_.reload_success.set(1);
  if (!sources_.config_file.empty()) stats_.hash.set(content_hash(sources_.config_text));
}

void ConfigReload::poll(MonoTime now) {
  if (sources_.config_file.empty()) return;
  switch (file_.poll(now)) {
    case system::WatchedFile::Outcome::kUnchanged: return;
    case system::WatchedFile::Outcome::kChanged: return reload();
    case system::WatchedFile::Outcome::kFailed:
      return fail("settings file cannot be read", *file_.last_error());
  }
}

void ConfigReload::fail(std::string_view event, const Error& error) {
  stats_.reload_success.set(0);
  if (!failing_) log::error(event, {{"error", error}});
  failing_ = true;
}

void ConfigReload::reload() {
  constexpr std::string_view kInvalidEvent = "settings file is invalid, keeping the old settings";
  failing_ = false;  // another content, another line in the log
  auto file = parse_settings_file(file_.content());
  if (!file) return fail(kInvalidEvent, file.error());
  GivenSources given = sources_.given;
  given.file = std::move(*file);
  const auto settings = resolve_settings(given, sources_.host_name);
  if (!settings) return fail(kInvalidEvent, settings.error());
  stats_.reload_success.set(1);
  const SettingsFile before = std::exchange(sources_.given.file, std::move(given.file));
  const SettingsFile& after = sources_.given.file;
  log_changes(before.values, after.values);
  if (after.values == started_with_) stats_.hash.set(content_hash(file_.content()));
  if (after.repositories == before.repositories && after.pins == before.pins) return;
  log::info("settings file reloaded", {{"repositories", settings->repositories.size()}});
  apply_(*settings);
}

}  // namespace lookout::cli
