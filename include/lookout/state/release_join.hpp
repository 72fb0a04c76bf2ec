// Releases joined with repositories: is the installed chart version still there, is there a
// newer one, is it deprecated.
//
// Stands between the ReleaseCache and the exposition: drain() passes on the cache's changes with
// each release's match, and after a scan the releases whose match changed. A release costs one
// lookup by chart name; a scan one pass over the releases, whatever the number of versions.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/state/release_cache.hpp"
#include "lookout/state/release_matcher.hpp"
#include "lookout/state/repository_cache.hpp"

namespace lookout::state {

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

  // Thread-safe; in effect from the next drain on.
  void set_pins(std::vector<Pin> pins);
  // Thread-safe. What a drain would match with now, for pages and tables.
  std::shared_ptr<const ReleaseMatcher> matcher() const;
  // One caller at a time: the exposition, under its own lock.
  JoinedChanges drain(MonoTime now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::state
