#include "src/helm/index_charts.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace lookout::helm {

void IndexCharts::open(std::string_view name, Again again) {
  ++opened_;
  refused_.reset();
  const auto found = charts_.find(name);
  if (found == charts_.end()) {
    open_ = &charts_.emplace(name, IndexedChart{std::string(name), {}, {}}).first->second;
    return;
  }
  open_ = &found->second;
  if (again == Again::kReplace) *open_ = {std::string(name), {}, {}};
  if (again == Again::kSkip) refused_ = SkippedEntry::kDuplicateKey;
}

void IndexCharts::open_unnamed() {
  ++opened_;
  open_ = nullptr;
  refused_ = SkippedEntry::kBadType;
}

void IndexCharts::skip_entry(SkippedEntry reason) {
  ++entries_;
  if (open_ != nullptr) ++open_->listed.versions;
  count(reason);
}

void IndexCharts::add(IndexEntry& entry) {
  if (refused_) entry.refuse(*refused_);
  if (open_ != nullptr && entry.created_seconds) {
    open_->listed.created_seconds.push_back(*entry.created_seconds);
  }
  auto judged = judge_entry(entry);
  if (const auto* reason = std::get_if<SkippedEntry>(&judged)) return skip_entry(*reason);
  ++entries_;
  ++open_->listed.versions;
  open_->versions.push_back(std::move(std::get<ChartVersion>(judged)));
}

void IndexCharts::close() {
  if (open_ == nullptr) return;
  IndexedChart& chart = *open_;
  ListedEntries listed = std::move(chart.listed);
  std::sort(listed.created_seconds.begin(), listed.created_seconds.end());
  listed.created_seconds.shrink_to_fit();
  chart = make_indexed_chart(std::move(chart.name), std::move(chart.versions));
  chart.listed = std::move(listed);
}

ChartIndex IndexCharts::take() {
  ChartIndex index;
  index.skipped = skipped_;
  index.charts.reserve(charts_.size());
  for (auto& [name, chart] : charts_) {
    if (chart.listed.versions != 0) index.charts.push_back(std::move(chart));
  }
  charts_.clear();
  return index;
}

}  // namespace lookout::helm
