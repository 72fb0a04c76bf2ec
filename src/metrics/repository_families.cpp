#include "src/metrics/repository_families.hpp"

#include <algorithm>
#include <utility>

namespace lookout::metrics {
namespace {

std::vector<std::int64_t> shown_created(const helm::IndexedChart& chart) {
  std::vector<std::int64_t> created;
  for (const helm::ChartVersion& version : chart.versions) {
    if (version.created_seconds) created.push_back(*version.created_seconds);
  }
  std::sort(created.begin(), created.end());
  return created;
}

}  // namespace

RenderedRepository::RenderedRepository(const state::Repository& r, const LabelRules& l,
                                       ChangesWith families)
    : repository(r), rules(l) {
  append_label(identity, "repository", repository.name, rules);
  if (families != ChangesWith::kData || repository.data == nullptr) return;
  for (const helm::IndexedChart& chart : repository.data->index.charts) {
    std::string labels = identity;
    append_label(labels, "chart", chart.name, rules);
    listed_created.insert(listed_created.end(), chart.listed.created_seconds.begin(),
                          chart.listed.created_seconds.end());
    // Names that are cut to the same label follow one another; one series is theirs.
    if (!charts.empty() && charts.back().identity == labels) continue;
    charts.push_back({&chart, std::move(labels), shown_created(chart)});
  }
  std::sort(listed_created.begin(), listed_created.end());
}

std::span<const RepositoryFamily> repository_families() {
  static const std::vector<RepositoryFamily> kAll = [] {
    std::vector<RepositoryFamily> all;
    for (const auto rows :
         {repository_scan_families(), repository_chart_families(), repository_s3_families()}) {
      all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
  }();
  return kAll;
}

double timestamp_seconds(WallTime time) {
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch());
  return static_cast<double>(milliseconds.count()) / 1000;
}

std::int64_t median(const std::vector<std::int64_t>& values) {
  return values[values.size() / 2];
}

}  // namespace lookout::metrics
