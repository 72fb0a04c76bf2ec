// What the last good index of a repository holds, as Helm itself shows it.
#include <algorithm>
#include <array>
#include <string_view>

#include "src/metrics/repository_families.hpp"

namespace lookout::metrics {
namespace {

void render_index_bytes(const RenderedRepository& r, std::string& out) {
  append_sample(out, "helm_repository_index_bytes", r.identity, r.repository.data->bytes);
}

void render_skipped(const RenderedRepository& r, std::string& out) {
  const auto& skipped = r.repository.data->index.skipped;
  for (std::size_t i = 0; i < skipped.size(); ++i) {
    std::string labels = r.identity;
    append_label(labels, "reason", helm::skipped_entry_reason(static_cast<helm::SkippedEntry>(i)),
                 r.rules);
    append_sample(out, "helm_repository_skipped_entries", labels, skipped[i]);
  }
}

void render_discovered(const RenderedRepository& r, std::string& out) {
  const auto& charts = r.repository.data->index.charts;
  const auto shown = std::count_if(charts.begin(), charts.end(),
                                   [](const auto& chart) { return !chart.versions.empty(); });
  append_sample(out, "helm_repository_charts_discovered", r.identity + ",namespace=\"\"", shown);
}

void render_versions(const RenderedRepository& r, std::string& out) {
  for (const RenderedChart& chart : r.charts) {
    if (chart.chart->versions.empty()) continue;
    append_sample(out, "helm_repository_chart_versions", chart.identity,
                  chart.chart->versions.size());
  }
}

template <class Choose>
void append_created(std::string& out, std::string_view name, const RenderedRepository& r,
                    const Choose& choose) {
  for (const RenderedChart& chart : r.charts) {
    if (!chart.created.empty()) append_sample(out, name, chart.identity, choose(chart.created));
  }
}

void render_oldest(const RenderedRepository& r, std::string& out) {
  append_created(out, "helm_repository_chart_oldest_timestamp_seconds", r,
                 [](const auto& created) { return created.front(); });
}

void render_newest(const RenderedRepository& r, std::string& out) {
  append_created(out, "helm_repository_chart_newest_timestamp_seconds", r,
                 [](const auto& created) { return created.back(); });
}

void render_median(const RenderedRepository& r, std::string& out) {
  append_created(out, "helm_repository_chart_median_timestamp_seconds", r, median);
}

void render_latest_info(const RenderedRepository& r, std::string& out) {
  for (const RenderedChart& chart : r.charts) {
    const helm::ChartVersion* const latest = state::latest_stable(*chart.chart);
    if (latest == nullptr) continue;
    std::string labels = chart.identity;
    append_label(labels, "version", latest->text, r.rules);
    append_label(labels, "app_version", latest->app_version, r.rules);
    append_sample(out, "helm_repository_chart_latest_info", labels, 1);
  }
}

void render_deprecated(const RenderedRepository& r, std::string& out) {
  for (const RenderedChart& chart : r.charts) {
    if (chart.chart->versions.empty() || !state::newest(*chart.chart).deprecated) continue;
    append_sample(out, "helm_repository_chart_deprecated", chart.identity, 1);
  }
}

constexpr std::array kFamilies = {
    RepositoryFamily{{"helm_repository_index_bytes", "Bytes of the last good index, as fetched"},
                     ChangesWith::kData,
                     render_index_bytes},
    RepositoryFamily{{"helm_repository_skipped_entries",
                      "Entries that were left out of the last good index, by reason"},
                     ChangesWith::kData,
                     render_skipped},
    RepositoryFamily{
        {"helm_repository_charts_discovered", "Charts with at least one version that Helm shows"},
        ChangesWith::kData,
        render_discovered},
    RepositoryFamily{
        {"helm_repository_chart_versions", "Distinct versions of the chart that Helm shows"},
        ChangesWith::kData,
        render_versions},
    RepositoryFamily{{"helm_repository_chart_oldest_timestamp_seconds",
                      "Unix time at which the chart's oldest version was created"},
                     ChangesWith::kData,
                     render_oldest},
    RepositoryFamily{{"helm_repository_chart_newest_timestamp_seconds",
                      "Unix time at which the chart's newest version was created"},
                     ChangesWith::kData,
                     render_newest},
    RepositoryFamily{{"helm_repository_chart_median_timestamp_seconds",
                      "Upper median of the Unix times at which the chart's versions were created"},
                     ChangesWith::kData,
                     render_median},
    RepositoryFamily{{"helm_repository_chart_latest_info", "Highest stable version of the chart"},
                     ChangesWith::kData,
                     render_latest_info},
    RepositoryFamily{
        {"helm_repository_chart_deprecated", "Charts whose newest version is deprecated"},
        ChangesWith::kData,
        render_deprecated},
};

}  // namespace

std::span<const RepositoryFamily> repository_chart_families() {
  return kFamilies;
}

}  // namespace lookout::metrics
