#include <nlohmann/json.hpp>

#include "lookout/encoding/time.hpp"

#include "src/cli/scan_summary.hpp"

namespace lookout::cli {

std::string scan_json(const std::vector<ChartSummary>& charts, const helm::ChartIndex& index) {
  auto rows = nlohmann::ordered_json::array();
  for (const ChartSummary& chart : charts) {
    nlohmann::ordered_json row;
    row["chart"] = chart.name;
    row["versions"] = chart.versions;
    row["latest"] = chart.latest;
    row["app_version"] = chart.app_version;
    row["newest"] =
        chart.newest_created_seconds ? encoding::format_rfc3339(*chart.newest_created_seconds) : "";
    row["deprecated"] = chart.deprecated;
    rows.push_back(std::move(row));
  }
  nlohmann::ordered_json skipped = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < index.skipped.size(); ++i) {
    if (index.skipped[i] == 0) continue;
    skipped[helm::skipped_entry_reason(static_cast<helm::SkippedEntry>(i))] = index.skipped[i];
  }
  const nlohmann::ordered_json out = {{"charts", std::move(rows)}, {"skipped", std::move(skipped)}};
  // Charts are hostile text: invalid UTF-8 becomes U+FFFD instead of an exception.
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace lookout::cli
