// What `helm-lookout scan` shows of a repository.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lookout/helm/chart_index.hpp"

namespace lookout::cli {

struct ChartSummary {
  std::string name;
  std::size_t versions = 0;
  std::string latest;       // highest stable version; "" when there is none
  std::string app_version;  // of that version
  std::optional<std::int64_t> newest_created_seconds;  // Unix
  bool deprecated = false;  // its newest version says so, as in the metrics

  bool operator==(const ChartSummary&) const = default;
};

// In the order of the index; charts of which Helm shows no version are left out.
std::vector<ChartSummary> summarize(const helm::ChartIndex& index);

std::string scan_table(const std::vector<ChartSummary>& charts);
std::string scan_json(const std::vector<ChartSummary>& charts, const helm::ChartIndex& index);
// "3 entries skipped: no_name 1, bad_version 2"; "" when there are none.
std::string skipped_line(const helm::ChartIndex& index);

}  // namespace lookout::cli
