#include "src/cli/scan_summary.hpp"

#include "lookout/encoding/time.hpp"
#include "lookout/state/repository.hpp"

#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

ChartSummary summary_of(const helm::IndexedChart& chart) {
  ChartSummary out;
  out.name = chart.name;
  out.versions = chart.versions.size();
  out.deprecated = state::newest(chart).deprecated;
  if (const helm::ChartVersion* const latest = state::latest_stable(chart)) {
    out.latest = latest->text;
    out.app_version = latest->app_version;
  }
  out.newest_created_seconds = state::newest_created_seconds(chart);
  return out;
}

}  // namespace

std::vector<ChartSummary> summarize(const helm::ChartIndex& index) {
  std::vector<ChartSummary> out;
  for (const helm::IndexedChart& chart : index.charts) {
    if (!chart.versions.empty()) out.push_back(summary_of(chart));
  }
  return out;
}

std::string scan_table(const std::vector<ChartSummary>& charts) {
  std::vector<std::vector<std::string>> rows = {
      {"CHART", "VERSIONS", "LATEST", "APP VERSION", "NEWEST", "DEPRECATED"}};
  for (const ChartSummary& chart : charts) {
    rows.push_back({printable(chart.name), std::to_string(chart.versions), printable(chart.latest),
                    printable(chart.app_version),
                    chart.newest_created_seconds
                        ? encoding::format_rfc3339(*chart.newest_created_seconds)
                        : "",
                    chart.deprecated ? "yes" : ""});
  }
  return render_table(rows);
}

std::string skipped_line(const helm::ChartIndex& index) {
  std::uint64_t sum = 0;
  std::string reasons;
  for (std::size_t i = 0; i < index.skipped.size(); ++i) {
    if (index.skipped[i] == 0) continue;
    sum += index.skipped[i];
    reasons += (reasons.empty() ? "" : ", ") +
               std::string(helm::skipped_entry_reason(static_cast<helm::SkippedEntry>(i))) + " " +
               std::to_string(index.skipped[i]);
  }
  return sum == 0 ? "" : std::to_string(sum) + " entries skipped: " + reasons;
}

}  // namespace lookout::cli
