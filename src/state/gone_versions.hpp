// The chart versions that one repository held in this process' time and holds no longer. Kept as
// hashes, so that its size is bounded whatever names a repository thinks of; among a hundred
// thousand, two versions share a hash once in billions of repositories. No locks: its owner has
// one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "lookout/helm/chart_index.hpp"
#include "lookout/helm/version.hpp"

namespace lookout::state {

// From one scan to the next.
struct VersionChanges {
  std::vector<std::uint64_t> gone;
  std::vector<std::uint64_t> added;
};
VersionChanges compare_versions(const helm::ChartIndex& before, const helm::ChartIndex& after);

class GoneVersions {
 public:
  explicit GoneVersions(std::size_t versions_max) : versions_max_(versions_max) {}

  // What goes beyond the limit is not remembered.
  void apply(const VersionChanges& changes);
  bool contains(std::uint64_t hash) const { return hashes_.contains(hash); }

 private:
  std::size_t versions_max_;
  std::unordered_set<std::uint64_t> hashes_;
};

}  // namespace lookout::state
