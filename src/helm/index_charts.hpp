// The charts of an index while its entries come in.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/helm/chart_index.hpp"

#include "src/helm/index_entry.hpp"

namespace lookout::helm {

class IndexCharts {
 public:
  // What a key means that the mapping of entries has had before.
  enum class Again {
    kSkip,     // YAML: to Helm an error
    kReplace,  // JSON: the last one counts
  };

  // Entries that follow belong to `name`.
  void open(std::string_view name, Again again);
  // Entries that follow belong to no chart that can be named.
  void open_unnamed();
  void add(IndexEntry& entry);
  // An entry, or a whole chart, that is not even a mapping.
  void skip_entry(SkippedEntry reason);
  void skip_chart() { count(SkippedEntry::kBadType); }
  // The chart's list has ended.
  void close();

  // Entries so far, or charts when they are more.
  std::size_t size() const { return std::max(entries_, opened_); }
  ChartIndex take();

 private:
  void keep_about(const Version& version, ChartAbout& about);
  void count(SkippedEntry reason) { ++skipped_[static_cast<std::size_t>(reason)]; }

  std::map<std::string, IndexedChart, std::less<>> charts_;
  std::array<std::uint64_t, kSkippedEntryCount> skipped_{};
  IndexedChart* open_ = nullptr;
  std::optional<Version> highest_;       // of the open chart: whose `about` it has
  std::optional<SkippedEntry> refused_;  // each entry of the open chart
  std::size_t entries_ = 0;
  std::size_t opened_ = 0;
};

}  // namespace lookout::helm
