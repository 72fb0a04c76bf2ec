// Every published release as text, in groups that are rendered again when they change.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lookout/metrics/exposition.hpp"
#include "lookout/state/release_join.hpp"

#include "src/metrics/family_body.hpp"
#include "src/metrics/release_group.hpp"

namespace lookout::metrics {

// Not thread-safe.
class ReleaseText {
 public:
  // A full group splits; small neighbours merge. One change costs a copy of a group's text
  // and the deflation of the segments that differ: about 1 ms at 256 releases.
  static constexpr std::size_t kGroupReleasesMax = 256;

  // `series_max` 0: no limit.
  ReleaseText(LabelRules rules, std::size_t series_max) : rules_(rules), series_max_(series_max) {}

  void apply(const state::JoinedChanges& changes);
  // Renders what changed; returns how many segments that were.
  std::size_t render();

  // Of the last render(), in order of keys while series_max allows.
  void append_to(Body& body, TextFormat format);
  std::size_t series() const { return series_; }
  std::size_t dropped_series() const { return dropped_series_; }

 private:
  using Groups = std::vector<ReleaseGroup>;

  Groups::iterator group_of(const helm::ReleaseKey& key);
  void apply(const state::JoinedChange& change);
  void rebalance(Groups::iterator at, const helm::ReleaseKey& changed);
  void apply_errors(const state::JoinedChanges& changes);
  void choose_visible();

  const LabelRules rules_;
  const std::size_t series_max_;
  Groups groups_;  // none empty
  bool changed_ = false;
  std::map<std::string, std::uint64_t> errors_;
  Segment errors_segment_;

  std::size_t whole_groups_ = 0;        // within series_max
  std::vector<Segment> partial_group_;  // a segment a family, of the group after them
  std::size_t series_ = 0;
  std::size_t dropped_series_ = 0;
  FamilyBody families_;
};

}  // namespace lookout::metrics
