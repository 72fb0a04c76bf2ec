// One release as it is stored: its revisions, what the payload of the current one said,
// and the value readers see. No locks: its owner has one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/helm/release.hpp"
#include "lookout/helm/secret_meta.hpp"
#include "lookout/state/release.hpp"
#include "lookout/state/release_cache.hpp"

#include "src/state/object_identity.hpp"

namespace lookout::state {

using UserLabels = std::vector<std::pair<std::string, std::string>>;

// One object that exists: 64 bytes, 200,000 of them in a big cluster.
struct StoredRevision {
  Uid uid;
  std::uint64_t resource_version = 0;
  std::uint64_t error_resource_version = 0;  // counted in helm_release_errors; 0: none
  std::int64_t modified_seconds = 0;         // label modifiedAt, else createdAt; 0: neither
  std::unique_ptr<const UserLabels> labels;  // null: none allowed
  helm::Revision revision = 0;
  std::uint32_t generation = 0;                  // of the last list of its stream that named it
  helm::Status status = helm::Status::kUnknown;  // by the label

  bool same_object(const StoredRevision& other) const {
    return uid == other.uid && resource_version == other.resource_version;
  }
};

// User labels of `object` that `allow_list` names ("*": all), by key, at most kUserLabelsMax.
inline constexpr std::size_t kUserLabelsMax = 64;
UserLabels allowed_labels(const helm::SecretMeta& object,
                          const std::vector<std::string>& allow_list);

StoredRevision to_stored(const helm::SecretMeta& object, helm::Revision revision,
                         const std::vector<std::string>& allow_list);

// What one payload of the current revision said.
struct StoredFacts {
  Uid uid;
  std::uint64_t resource_version = 0;
  std::uint64_t storage_bytes = 0;
  helm::DecodeOutcome outcome;
};

struct StoredRelease {
  // The keys under which the release is stored; they outlive it.
  const std::string* ns = nullptr;
  const std::string* name = nullptr;
  std::vector<StoredRevision> revisions;     // ascending, never empty between operations
  std::unique_ptr<const StoredFacts> facts;  // of the current revision only
  ReleasePtr published;
  std::optional<MonoTime> changed_at;  // of the oldest change that is not published
  bool unpublished = false;            // among those that Publication is to publish
  bool drained = false;                // the consumer of drain() knows of this release

  helm::ReleaseKey key() const { return {*ns, *name}; }
  // REQUIRES: !revisions.empty()
  const StoredRevision& current() const { return revisions.back(); }
  StoredRevision& current() { return revisions.back(); }
  StoredRevision* find(helm::Revision revision);
  void put(StoredRevision revision);
  void remove(helm::Revision revision);

  // The payload that belongs to exactly this state of the current revision was read.
  bool facts_match() const;
  // Drops facts that say nothing of the current revision any more.
  void forget_stale_facts();
  // What readers are to see now. `payloads` false: --payload=never.
  Release to_release(bool payloads) const;
};

}  // namespace lookout::state
