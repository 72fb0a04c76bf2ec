// When a release's change becomes visible, and what changed since the last drain.
//
// A change waits until the payload of the current revision was read, or for
// publish_delay; until then readers keep the value published before. Everything kept here
// is bounded by the releases that exist plus those that the last drain reported.
// No locks: its owner has one.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/state/release_cache.hpp"

#include "src/state/stored_release.hpp"

namespace lookout::state {

class Publication {
 public:
  Publication(bool payloads, Duration delay) : payloads_(payloads), delay_(delay) {}

  // The release's revisions or facts changed. REQUIRES: it has a revision.
  void changed(StoredRelease& release);
  // The same, and the time for publish_delay begins if it does not run yet.
  void changed(StoredRelease& release, MonoTime now);
  // The release is about to be destroyed.
  void removed(StoredRelease& release);

  // Publishes what is due; returns the releases published for the first time.
  std::vector<StoredRelease*> publish_due(MonoTime now);
  // Published changes and removals since the last call, by key.
  std::vector<ReleaseChange> drain();

  // Current payloads that were not read, by key.
  const auto& wanted() const { return wanted_; }

 private:
  struct ByKey {
    bool operator()(const StoredRelease* a, const StoredRelease* b) const {
      if (const int order = a->ns->compare(*b->ns); order != 0) return order < 0;
      return *a->name < *b->name;
    }
  };
  using Releases = std::set<StoredRelease*, ByKey>;

  bool is_due(const StoredRelease& release, MonoTime now) const;
  void publish(StoredRelease& release);

  const bool payloads_;
  const Duration delay_;
  Releases wanted_;
  Releases unpublished_;
  Releases undrained_;
  std::set<helm::ReleaseKey> removed_;  // that the consumer of drain() still knows
};

}  // namespace lookout::state
