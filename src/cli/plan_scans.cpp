#include "src/cli/plan_scans.hpp"

#include <algorithm>
#include <utility>

#include "controllers/repository_schedule.hpp"
#include "src/cli/plan_figures.hpp"

namespace lookout::cli {

Settings scanned_twice(Settings settings) {
  for (repository::RepositorySettings& each : settings.repositories) {
    if (each.interval.count() != 0) each.interval = controllers::kScanGap;
  }
  return settings;
}

void PlanScans::look() {
  for (const state::RepositoryPtr& repository : *cache_.snapshot()) look_at(*repository);
}

void PlanScans::look_at(const state::Repository& repository) {
  const state::RepositoryStats& stats = *repository.stats;
  const std::uint64_t failed = stats.errors.value();
  const std::uint64_t unchanged = stats.unchanged.value();
  const std::uint64_t scans = failed + unchanged + stats.success.value();
  Seen& seen = seen_[repository.name];
  if (scans == 0 || seen.again || seen.failed) return;
  if (seen.first_seconds == 0) {
    seen.first_seconds = stats.sync_seconds.snapshot().sum / static_cast<double>(scans);
    seen.failed = failed > 0 && failed == scans;
  }
  if (scans < 2 || seen.failed) return;
  seen.again = true;
  seen.rescan = failed > 0      ? Rescan::kFailed
                : unchanged > 0 ? Rescan::kUnchanged
                                : Rescan::kReadAgain;
}

bool PlanScans::done() const {
  return std::all_of(
      settings_.repositories.begin(), settings_.repositories.end(), [&](const auto& settings) {
        const auto at = seen_.find(settings.name);
        if (at == seen_.end() || at->second.first_seconds == 0) return false;
        return at->second.again || at->second.failed || settings.interval.count() == 0;
      });
}

std::vector<RepositoryFigures> PlanScans::figures() const {
  std::vector<RepositoryFigures> out;
  for (const state::RepositoryPtr& repository : *cache_.snapshot()) {
    RepositoryFigures figures = repository_figures(*repository, settings_);
    if (const auto at = seen_.find(repository->name); at != seen_.end()) {
      figures.scan_seconds = at->second.first_seconds;
      figures.rescan = at->second.rescan;
    }
    out.push_back(std::move(figures));
  }
  return out;
}

}  // namespace lookout::cli
