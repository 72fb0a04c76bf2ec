#include "src/metrics/release_group.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace lookout::metrics {

ReleaseGroup::ReleaseGroup() : families_(release_families().size()) {}

bool ReleaseGroup::apply(const state::JoinedChange& change) {
  const auto at = std::lower_bound(
      releases_.begin(), releases_.end(), change.key,
      [](const Item& item, const helm::ReleaseKey& key) { return item.release->key < key; });
  const bool known = at != releases_.end() && at->release->key == change.key;
  if (change.release == nullptr) {
    if (!known) return false;
    releases_.erase(at);
  } else if (known) {
    *at = {change.release, change.match};
  } else {
    releases_.insert(at, {change.release, change.match});
  }
  dirty_ = true;
  return true;
}

ReleaseGroup ReleaseGroup::split(std::size_t index) {
  ReleaseGroup tail;
  const auto from = releases_.begin() + static_cast<std::ptrdiff_t>(index);
  for (auto item = from; item != releases_.end(); ++item) {
    tail.releases_.push_back({std::move(item->release), std::move(item->match)});
  }
  releases_.erase(from, releases_.end());
  dirty_ = tail.dirty_ = true;
  return tail;
}

void ReleaseGroup::append(ReleaseGroup next) {
  for (Item& item : next.releases_) {
    releases_.push_back({std::move(item.release), std::move(item.match)});
  }
  dirty_ = true;
}

std::string_view ReleaseGroup::old_lines(const Family& family, const Item& item) const {
  const std::size_t begin = item.rendered_as == 0 ? 0 : family.ends[item.rendered_as - 1];
  return std::string_view(family.segment.text())
      .substr(begin, family.ends[item.rendered_as] - begin);
}

// Lines of the releases in `changed` (in order) are made, all others copied. The made ones
// come first, into a text of their own, so that the whole is allocated once and exactly.
std::string ReleaseGroup::render_family(std::size_t index,
                                        const std::vector<RenderedRelease>& changed) {
  Family& family = families_[index];
  std::string made;
  std::vector<std::size_t> made_ends;
  for (const RenderedRelease& release : changed) {
    release_families()[index].render(release, made);
    made_ends.push_back(made.size());
  }
  std::size_t bytes = made.size();
  for (const Item& item : releases_) {
    if (item.rendered_as != kNotRendered) bytes += old_lines(family, item).size();
  }
  std::string text;
  text.reserve(bytes);
  std::vector<std::uint32_t> ends;
  ends.reserve(releases_.size());
  std::size_t next = 0;
  for (Item& item : releases_) {
    if (item.rendered_as != kNotRendered) {
      text += old_lines(family, item);
    } else {
      const std::size_t begin = next == 0 ? 0 : made_ends[next - 1];
      const auto lines = std::string_view(made).substr(begin, made_ends[next++] - begin);
      item.series += static_cast<std::uint32_t>(std::count(lines.begin(), lines.end(), '\n'));
      text += lines;
    }
    ends.push_back(static_cast<std::uint32_t>(text.size()));
  }
  family.ends = std::move(ends);
  return text;
}

std::size_t ReleaseGroup::render(const LabelRules& rules) {
  std::vector<RenderedRelease> changed;
  for (Item& item : releases_) {
    if (item.rendered_as != kNotRendered) continue;
    item.series = 0;
    changed.emplace_back(*item.release, rules, item.match.get());
  }
  std::size_t segments = 0;
  for (std::size_t index = 0; index < families_.size(); ++index) {
    std::string text = render_family(index, changed);
    if (text == families_[index].segment.text()) continue;
    families_[index].segment = Segment(std::move(text));
    ++segments;
  }
  series_ = 0;
  for (std::size_t i = 0; i < releases_.size(); ++i) {
    releases_[i].rendered_as = i;
    series_ += releases_[i].series;
  }
  dirty_ = false;
  return segments;
}

ReleaseGroup::Fit ReleaseGroup::fit(std::size_t series_max) const {
  Fit fit;
  for (const Item& item : releases_) {
    if (fit.series + item.series > series_max) break;
    fit.series += item.series;
    ++fit.releases;
  }
  return fit;
}

Segment ReleaseGroup::head_segment(std::size_t family, std::size_t releases) const {
  if (releases == 0) return {};
  const Family& whole = families_[family];
  return Segment(whole.segment.text().substr(0, whole.ends[releases - 1]));
}

}  // namespace lookout::metrics
