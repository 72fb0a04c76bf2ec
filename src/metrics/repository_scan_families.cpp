// What became of scans.
#include <array>
#include <string_view>

#include "lookout/repository/scan_error.hpp"

#include "src/metrics/repository_families.hpp"

namespace lookout::metrics {
namespace {

// Empty for repositories from the settings, which belong to no namespace.
constexpr std::string_view kNamespace = ",namespace=\"\"";

std::string with_type(const RenderedRepository& r) {
  std::string labels = r.identity;
  labels += kNamespace;
  append_label(labels, "type", r.repository.type, r.rules);
  return labels;
}

void render_info(const RenderedRepository& r, std::string& out) {
  std::string labels = r.identity;
  append_label(labels, "type", r.repository.type, r.rules);
  append_label(labels, "url", r.repository.url, r.rules);
  append_sample(out, "helm_repository_info", labels, 1);
}

void render_up(const RenderedRepository& r, std::string& out) {
  append_sample(out, "helm_repository_up", r.identity, r.repository.up ? 1 : 0);
}

void render_sync(const RenderedRepository& r, std::string& out) {
  const state::RepositoryStats& stats = *r.repository.stats;
  const auto add = [&](std::string_view status, const Counter& counter) {
    std::string labels = with_type(r);
    append_label(labels, "status", status, r.rules);
    append_sample(out, "helm_repository_sync_total", labels, counter.value());
  };
  add("success", stats.success);
  add("unchanged", stats.unchanged);
  add("error", stats.errors);
}

void render_sync_errors(const RenderedRepository& r, std::string& out) {
  static_assert(state::RepositoryStats::kErrorTypesMax == repository::kScanErrorTypeCount);
  for (std::size_t i = 0; i < r.repository.stats->errors_by_type.size(); ++i) {
    std::string labels = r.identity;
    labels += kNamespace;
    const auto type = static_cast<repository::ScanErrorType>(i);
    append_label(labels, "error_type", repository::scan_error_name(type), r.rules);
    append_sample(out, "helm_repository_sync_errors_total", labels,
                  r.repository.stats->errors_by_type[i].value());
  }
}

void render_sync_duration(const RenderedRepository& r, std::string& out) {
  append_histogram(out, "helm_repository_sync_duration_seconds", with_type(r),
                   r.repository.stats->sync_seconds.snapshot());
}

void append_time(std::string& out, std::string_view name, const RenderedRepository& r,
                 const std::optional<WallTime>& time) {
  if (time) append_sample(out, name, r.identity, timestamp_seconds(*time));
}

void render_last_success(const RenderedRepository& r, std::string& out) {
  append_time(out, "helm_repository_last_success_timestamp_seconds", r, r.repository.last_success);
}

void render_last_attempt(const RenderedRepository& r, std::string& out) {
  append_time(out, "helm_repository_last_attempt_timestamp_seconds", r, r.repository.last_attempt);
}

constexpr std::array kFamilies = {
    RepositoryFamily{
        {"helm_repository_info", "Configured chart repositories"}, ChangesWith::kScan, render_info},
    RepositoryFamily{{"helm_repository_up", "Whether the last scan of the repository worked"},
                     ChangesWith::kScan,
                     render_up},
    RepositoryFamily{
        {"helm_repository_sync_total", "Scans of the repository, by outcome", FamilyType::kCounter},
        ChangesWith::kScan,
        render_sync},
    RepositoryFamily{{"helm_repository_sync_errors_total",
                      "Scans of the repository that failed, by reason", FamilyType::kCounter},
                     ChangesWith::kScan,
                     render_sync_errors},
    RepositoryFamily{{"helm_repository_sync_duration_seconds",
                      "Seconds of a scan, whether it worked or not", FamilyType::kHistogram},
                     ChangesWith::kScan,
                     render_sync_duration},
    RepositoryFamily{{"helm_repository_last_success_timestamp_seconds",
                      "Unix time of the last scan that worked"},
                     ChangesWith::kScan,
                     render_last_success},
    RepositoryFamily{{"helm_repository_last_attempt_timestamp_seconds",
                      "Unix time of the last scan, whether it worked or not"},
                     ChangesWith::kScan,
                     render_last_attempt},
};

}  // namespace

std::span<const RepositoryFamily> repository_scan_families() {
  return kFamilies;
}

}  // namespace lookout::metrics
