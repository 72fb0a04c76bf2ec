#include "test/helm/index_sheet.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <variant>

#include "test/helm/sheet_text.hpp"

namespace lookout::helm {

ByteSource text_source(std::string_view text, std::size_t piece_bytes) {
  return [rest = text, piece_bytes](std::span<char> out) mutable -> Result<std::size_t> {
    const std::size_t size = rest.copy(out.data(), std::min(out.size(), piece_bytes));
    rest.remove_prefix(size);
    return size;
  };
}

IndexOutcome read_index(std::string_view text, const IndexLimits& limits) {
  return read_chart_index(text_source(text), limits);
}

std::string show(const IndexOutcome& outcome) {
  const auto* index = std::get_if<ChartIndex>(&outcome);
  if (index == nullptr) return "REJECTED\n";
  std::vector<std::string> lines;
  for (const IndexedChart& chart : index->charts) {
    for (const ChartVersion& version : chart.versions) {
      lines.push_back(
          percent_encoded(chart.name) + ' ' + percent_encoded(version.text) + " '" +
          percent_encoded(version.app_version) + "' " + (version.deprecated ? "true " : "false ") +
          (version.created_seconds ? std::to_string(*version.created_seconds) : "-") + '\n');
    }
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

std::size_t shown_versions(const ChartIndex& index) {
  std::size_t count = 0;
  for (const IndexedChart& chart : index.charts) count += chart.versions.size();
  return count;
}

std::size_t shown_charts(const ChartIndex& index) {
  return static_cast<std::size_t>(
      std::count_if(index.charts.begin(), index.charts.end(),
                    [](const IndexedChart& chart) { return !chart.versions.empty(); }));
}

std::uint64_t fnv_1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

std::string show_skipped(const ChartIndex& index) {
  std::string text;
  for (int i = 0; i < kSkippedEntryCount; ++i) {
    const std::uint64_t count = index.skipped[static_cast<std::size_t>(i)];
    if (count == 0) continue;
    if (!text.empty()) text += ", ";
    text += std::string(skipped_entry_reason(static_cast<SkippedEntry>(i))) + ' ' +
            std::to_string(count);
  }
  return text;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace lookout::helm
