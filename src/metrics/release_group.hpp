// A run of releases, ordered by key, with one segment of text in each family.
//
// Rendering again takes over the lines of releases that did not change, so its cost is a
// copy plus the lines that did; a family whose text comes out equal keeps its segment and
// its deflate blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/state/release_join.hpp"

#include "src/metrics/release_families.hpp"
#include "src/metrics/segment.hpp"

namespace lookout::metrics {

class ReleaseGroup {
 public:
  ReleaseGroup();

  // Sets, replaces or (null) removes one release with its match. False when that changes nothing.
  bool apply(const state::JoinedChange& change);
  // Moves the releases from `index` on into a group of their own.
  ReleaseGroup split(std::size_t index);
  // Takes over the releases of `next`, which follow this group's.
  void append(ReleaseGroup next);
  // Returns how many segments have other text than before.
  std::size_t render(const LabelRules& rules);

  bool empty() const { return releases_.empty(); }
  std::size_t size() const { return releases_.size(); }
  const helm::ReleaseKey& first_key() const { return releases_.front().release->key; }
  const helm::ReleaseKey& last_key() const { return releases_.back().release->key; }
  bool dirty() const { return dirty_; }

  // The following speak of the last render().
  std::size_t series() const { return series_; }
  Segment& segment(std::size_t family) { return families_[family].segment; }
  // The first releases that have at most `series_max` series together.
  struct Fit {
    std::size_t releases = 0;
    std::size_t series = 0;
  };
  Fit fit(std::size_t series_max) const;
  // The family's text for the first `releases` releases only.
  Segment head_segment(std::size_t family, std::size_t releases) const;

 private:
  static constexpr std::size_t kNotRendered = SIZE_MAX;
  struct Item {
    state::ReleasePtr release;
    state::ReleaseMatchPtr match;            // null: no repository knows the chart
    std::size_t rendered_as = kNotRendered;  // index into Family::ends
    std::uint32_t series = 0;
  };
  struct Family {
    Segment segment;
    std::vector<std::uint32_t> ends;  // of each release's lines, in bytes
  };

  std::string_view old_lines(const Family& family, const Item& item) const;
  std::string render_family(std::size_t index, const std::vector<RenderedRelease>& changed);

  std::vector<Item> releases_;
  std::vector<Family> families_;
  std::size_t series_ = 0;
  bool dirty_ = false;
};

}  // namespace lookout::metrics
