// Releases joined with repositories: is the installed chart version still there, is there a
// newer one, is it deprecated.
//
// Stands between the ReleaseCache and the exposition: drain() passes on the cache's changes with
// each release's match, and after a scan the releases whose match changed. A release costs one
// lookup by chart name; a scan one pass over the releases, whatever the number of versions. Not
// thread-safe: the exposition calls it under its own lock.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/state/release_cache.hpp"
#include "lookout/state/repository_cache.hpp"

namespace lookout::state {

enum class MatchKind : std::uint8_t { kPin, kVersion, kName };
std::string_view match_name(MatchKind kind);  // "pin", "version", "name"

// One release's place in one repository. Immutable once published.
struct ReleaseMatch {
  std::string repository;
  MatchKind kind = MatchKind::kName;
  std::string latest_version;  // highest stable; "" when there is none
  std::uint32_t versions_behind = 0;
  bool outdated = false;
  bool chart_missing = false;
  bool chart_deprecated = false;

  bool operator==(const ReleaseMatch&) const = default;
};
using ReleaseMatchPtr = std::shared_ptr<const ReleaseMatch>;

// A setting that ties charts or releases to a repository (`pins:` of the settings file).
struct Pin {
  std::string chart;  // chart name; or, when empty, the two below
  std::string ns;
  std::string release;
  std::string repository;

  bool operator==(const Pin&) const = default;
};

struct JoinedChange {
  helm::ReleaseKey key;
  ReleasePtr release;     // null: no longer there
  ReleaseMatchPtr match;  // null: no repository knows the chart
};
struct JoinedChanges {
  std::vector<JoinedChange> releases;
  std::map<std::string, std::optional<std::uint64_t>> namespace_errors;
  // What the matches were made with; the exposition renders the repositories of this one.
  std::shared_ptr<const RepositorySnapshot> repositories;
};

class ReleaseJoin {
 public:
  // Both outlive this; `repositories` may be null (none are configured).
  ReleaseJoin(ReleaseCache& releases, const RepositoryCache* repositories);
  ~ReleaseJoin();

  void set_pins(std::vector<Pin> pins);
  JoinedChanges drain(MonoTime now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::state
