#include "src/helm/index_charts.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace lookout::helm {
namespace {

void cut_to_limits(ChartAbout& about) {
  if (about.icon.size() > ChartAbout::kIconBytesMax) about.icon.clear();
  if (about.description.size() <= ChartAbout::kDescriptionBytesMax) return;
  std::size_t end = ChartAbout::kDescriptionBytesMax;
  const auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) >> 6) == 2; };
  while (end > 0 && is_continuation(about.description[end])) --end;
  about.description.resize(end);
  about.description.shrink_to_fit();
}

}  // namespace

void IndexCharts::open(std::string_view name, Again again) {
  ++opened_;
  refused_.reset();
  highest_.reset();
  const auto found = charts_.find(name);
  if (found == charts_.end()) {
    open_ = &charts_.emplace(name, IndexedChart{std::string(name), {}, {}, {}}).first->second;
    return;
  }
  open_ = &found->second;
  if (again == Again::kReplace) *open_ = {std::string(name), {}, {}, {}};
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
  auto& version = std::get<ChartVersion>(judged);
  keep_about(version.version, entry.about);
  open_->versions.push_back(std::move(version));
}

void IndexCharts::keep_about(const Version& version, ChartAbout& about) {
  if (highest_ && compare_precedence(version, *highest_) <= 0) return;
  highest_ = version;
  cut_to_limits(about);
  open_->about = std::move(about);
}

void IndexCharts::close() {
  if (open_ == nullptr) return;
  std::vector<std::int64_t>& created = open_->listed.created_seconds;
  std::sort(created.begin(), created.end());
  created.shrink_to_fit();
  open_->versions = make_indexed_chart({}, std::move(open_->versions)).versions;
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
