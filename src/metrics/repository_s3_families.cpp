// The families of Helm S3 Exporter (internal/metrics/prometheus.go before it became Helm Repo
// Exporter) with its names and help texts, for S3 repositories. They count every list entry.
#include <array>
#include <numeric>
#include <string_view>

#include "src/metrics/repository_families.hpp"

namespace lookout::metrics {
namespace {

bool is_s3(const RenderedRepository& r) {
  return r.repository.type == "s3";
}

void render_charts(const RenderedRepository& r, std::string& out) {
  if (!is_s3(r)) return;
  append_sample(out, "helm_s3_charts_total", r.identity, r.repository.data->index.charts.size());
}

void render_versions(const RenderedRepository& r, std::string& out) {
  if (!is_s3(r)) return;
  const auto& charts = r.repository.data->index.charts;
  const auto versions = std::accumulate(
      charts.begin(), charts.end(), std::uint64_t{0},
      [](std::uint64_t sum, const auto& chart) { return sum + chart.listed.versions; });
  append_sample(out, "helm_s3_versions_total", r.identity, versions);
}

void render_chart_versions(const RenderedRepository& r, std::string& out) {
  if (!is_s3(r)) return;
  for (const RenderedChart& chart : r.charts) {
    append_sample(out, "helm_s3_chart_versions", chart.identity, chart.chart->listed.versions);
  }
}

template <class Choose>
void append_chart_ages(std::string& out, std::string_view name, const RenderedRepository& r,
                       const Choose& choose) {
  if (!is_s3(r)) return;
  for (const RenderedChart& chart : r.charts) {
    const auto& created = chart.chart->listed.created_seconds;
    if (!created.empty()) append_sample(out, name, chart.identity, choose(created));
  }
}

void render_chart_oldest(const RenderedRepository& r, std::string& out) {
  append_chart_ages(out, "helm_s3_chart_age_oldest_seconds", r,
                    [](const auto& created) { return created.front(); });
}

void render_chart_newest(const RenderedRepository& r, std::string& out) {
  append_chart_ages(out, "helm_s3_chart_age_newest_seconds", r,
                    [](const auto& created) { return created.back(); });
}

void render_chart_median(const RenderedRepository& r, std::string& out) {
  append_chart_ages(out, "helm_s3_chart_age_median_seconds", r, median);
}

void append_overall_age(std::string& out, std::string_view name, const RenderedRepository& r,
                        std::int64_t (*choose)(const std::vector<std::int64_t>&)) {
  if (!is_s3(r) || r.listed_created.empty()) return;
  append_sample(out, name, r.identity, choose(r.listed_created));
}

void render_overall_oldest(const RenderedRepository& r, std::string& out) {
  append_overall_age(out, "helm_s3_overall_age_oldest_seconds", r,
                     [](const auto& created) { return created.front(); });
}

void render_overall_newest(const RenderedRepository& r, std::string& out) {
  append_overall_age(out, "helm_s3_overall_age_newest_seconds", r,
                     [](const auto& created) { return created.back(); });
}

void render_overall_median(const RenderedRepository& r, std::string& out) {
  append_overall_age(out, "helm_s3_overall_age_median_seconds", r, median);
}

void render_scrape_duration(const RenderedRepository& r, std::string& out) {
  if (!is_s3(r)) return;
  append_histogram(out, "helm_s3_scrape_duration_seconds", r.identity,
                   r.repository.stats->s3_scrape_seconds.snapshot());
}

void render_scrape_errors(const RenderedRepository& r, std::string& out) {
  if (!is_s3(r)) return;
  append_sample(out, "helm_s3_scrape_errors_total", r.identity, r.repository.stats->errors.value());
}

void render_last_success(const RenderedRepository& r, std::string& out) {
  if (!is_s3(r) || !r.repository.last_success) return;
  append_sample(out, "helm_s3_last_scrape_success", r.identity,
                timestamp_seconds(*r.repository.last_success));
}

constexpr std::array kFamilies = {
    RepositoryFamily{
        {"helm_s3_charts_total", "Total number of distinct Helm charts in the S3 repository"},
        ChangesWith::kData,
        render_charts},
    RepositoryFamily{{"helm_s3_versions_total", "Total number of chart versions across all charts"},
                     ChangesWith::kData,
                     render_versions},
    RepositoryFamily{{"helm_s3_chart_versions", "Number of versions for each Helm chart"},
                     ChangesWith::kData,
                     render_chart_versions},
    RepositoryFamily{
        {"helm_s3_chart_age_oldest_seconds", "Timestamp of the oldest version of each chart"},
        ChangesWith::kData,
        render_chart_oldest},
    RepositoryFamily{
        {"helm_s3_chart_age_newest_seconds", "Timestamp of the newest version of each chart"},
        ChangesWith::kData,
        render_chart_newest},
    RepositoryFamily{
        {"helm_s3_chart_age_median_seconds", "Timestamp of the median version of each chart"},
        ChangesWith::kData,
        render_chart_median},
    RepositoryFamily{{"helm_s3_overall_age_oldest_seconds",
                      "Timestamp of the oldest chart version across all charts"},
                     ChangesWith::kData,
                     render_overall_oldest},
    RepositoryFamily{{"helm_s3_overall_age_newest_seconds",
                      "Timestamp of the newest chart version across all charts"},
                     ChangesWith::kData,
                     render_overall_newest},
    RepositoryFamily{{"helm_s3_overall_age_median_seconds",
                      "Timestamp of the median chart version across all charts"},
                     ChangesWith::kData,
                     render_overall_median},
    RepositoryFamily{{"helm_s3_scrape_duration_seconds",
                      "Duration of the S3 scrape operation in seconds", FamilyType::kHistogram},
                     ChangesWith::kScan,
                     render_scrape_duration},
    RepositoryFamily{
        {"helm_s3_scrape_errors_total", "Total number of scrape errors", FamilyType::kCounter},
        ChangesWith::kScan,
        render_scrape_errors},
    RepositoryFamily{{"helm_s3_last_scrape_success", "Timestamp of the last successful scrape"},
                     ChangesWith::kScan,
                     render_last_success},
};

}  // namespace

std::span<const RepositoryFamily> repository_s3_families() {
  return kFamilies;
}

}  // namespace lookout::metrics
