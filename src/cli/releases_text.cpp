#include "src/cli/releases_text.hpp"

#include "lookout/encoding/time.hpp"

#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

std::string chart_text(const state::Release& release) {
  if (release.undecodable) {
    return "(" + std::string(helm::undecodable_reason(*release.undecodable)) + ")";
  }
  if (release.chart_version.empty()) return release.chart;
  return release.chart + "-" + release.chart_version;
}

std::vector<std::string> cells(const ReleaseRow& row, bool joined) {
  const state::Release& release = *row.release;
  std::vector<std::string> cells = {
      printable(release.key.ns),
      printable(release.key.name),
      std::to_string(release.revision),
      std::string(helm::status_name(release.status)),
      printable(chart_text(release)),
      printable(release.app_version),
      release.updated_seconds ? encoding::format_rfc3339(*release.updated_seconds) : ""};
  if (joined) {
    cells.push_back(row.match ? printable(row.match->latest_version) : "");
    cells.push_back(state_text(row.match));
  }
  return cells;
}

}  // namespace

std::string state_text(const std::optional<state::ReleaseMatch>& match) {
  if (!match) return "";
  std::string text;
  const auto add = [&text](bool holds, std::string_view word) {
    if (holds) text += (text.empty() ? "" : ", ") + std::string(word);
  };
  add(match->chart_missing, "missing");
  add(match->outdated, "outdated");
  add(match->chart_deprecated, "deprecated");
  add(text.empty(), match->comparable ? "current" : "unknown");
  return text;
}

std::string releases_table(const ReleaseRows& releases) {
  std::vector<std::vector<std::string>> rows = {
      {"NAMESPACE", "NAME", "REVISION", "STATUS", "CHART", "APP VERSION", "UPDATED"}};
  if (releases.joined) rows.front().insert(rows.front().end(), {"LATEST", "STATE"});
  for (const ReleaseRow& row : releases.rows) rows.push_back(cells(row, releases.joined));
  return render_table(rows);
}

}  // namespace lookout::cli
