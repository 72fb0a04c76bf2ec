#include "src/metrics/release_text.hpp"

#include <algorithm>
#include <utility>

namespace lookout::metrics {
namespace {

// Two neighbours that together stay below this become one.
constexpr std::size_t kMergeBelow = ReleaseText::kGroupReleasesMax / 4;

}  // namespace

ReleaseText::Groups::iterator ReleaseText::group_of(const helm::ReleaseKey& key) {
  if (groups_.empty()) groups_.emplace_back();
  const auto after = std::upper_bound(
      groups_.begin() + 1, groups_.end(), key,
      [](const helm::ReleaseKey& k, const ReleaseGroup& group) { return k < group.first_key(); });
  return after - 1;
}

void ReleaseText::apply(const state::JoinedChange& change) {
  const auto group = group_of(change.key);
  if (group->apply(change)) changed_ = true;
  rebalance(group, change.key);
}

void ReleaseText::rebalance(Groups::iterator at, const helm::ReleaseKey& changed) {
  if (at->empty()) {
    groups_.erase(at);
    return;
  }
  if (at->size() > kGroupReleasesMax) {
    // Releases that come in order, as from a list, leave full groups behind them.
    const bool appended = at + 1 == groups_.end() && at->last_key() == changed;
    groups_.insert(at + 1, at->split(appended ? at->size() - 1 : at->size() / 2));
    return;
  }
  const auto next = at + 1;
  if (next != groups_.end() && at->size() + next->size() < kMergeBelow) {
    at->append(std::move(*next));
    groups_.erase(next);
  }
}

void ReleaseText::apply_errors(const state::JoinedChanges& changes) {
  if (changes.namespace_errors.empty()) return;
  for (const auto& [ns, errors] : changes.namespace_errors) {
    if (errors) {
      errors_[ns] = *errors;
    } else {
      errors_.erase(ns);
    }
  }
  std::string text;
  for (const auto& [ns, errors] : errors_) render_errors(ns, errors, rules_, text);
  errors_segment_ = Segment(std::move(text));
}

void ReleaseText::apply(const state::JoinedChanges& changes) {
  for (const state::JoinedChange& change : changes.releases) apply(change);
  apply_errors(changes);
}

std::size_t ReleaseText::render() {
  if (!changed_) return 0;
  changed_ = false;
  std::size_t segments = 0;
  for (ReleaseGroup& group : groups_) {
    if (group.dirty()) segments += group.render(rules_);
  }
  choose_visible();
  return segments;
}

void ReleaseText::choose_visible() {
  std::size_t total = 0;
  for (const ReleaseGroup& group : groups_) total += group.series();
  std::size_t left = series_max_ == 0 ? total : series_max_;
  whole_groups_ = 0;
  partial_group_.clear();
  while (whole_groups_ < groups_.size() && groups_[whole_groups_].series() <= left) {
    left -= groups_[whole_groups_++].series();
  }
  series_ = (series_max_ == 0 ? total : series_max_) - left;
  if (whole_groups_ < groups_.size()) {
    const ReleaseGroup& group = groups_[whole_groups_];
    const ReleaseGroup::Fit fit = group.fit(left);
    for (std::size_t family = 0; family < release_families().size(); ++family) {
      partial_group_.push_back(group.head_segment(family, fit.releases));
    }
    series_ += fit.series;
  }
  dropped_series_ = total - series_;
}

void ReleaseText::append_to(Body& body, TextFormat format) {
  for (std::size_t family = 0; family < release_families().size(); ++family) {
    std::vector<Segment*> segments;
    for (std::size_t i = 0; i < whole_groups_; ++i) {
      segments.push_back(&groups_[i].segment(family));
    }
    if (!partial_group_.empty()) segments.push_back(&partial_group_[family]);
    families_.append(body, release_families()[family].head, segments, format);
  }
  families_.append(body, errors_family(), {&errors_segment_}, format);
}

}  // namespace lookout::metrics
