// The in-memory truth about releases, recomputed from the objects that exist.
//
// Writers: one reflector a stream brackets lists (begin_replace … commit_replace) and
// applies watch events; workers put decoded payloads. Readers drain what changed or take
// a snapshot. A list is staged and becomes visible at commit, all at once; a release is
// published when the payload of its current revision has been read, or after
// publish_delay with what is known.
//
// Identity of a revision is (namespace, object name, uid); of a release (namespace, name).
//
// Thread-safe; one internal leaf lock.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/helm/release.hpp"
#include "lookout/helm/secret_meta.hpp"
#include "lookout/state/release.hpp"

namespace lookout::state {

// One list/watch: index of the namespace in --namespaces, or 0 for the whole cluster.
using StreamIndex = std::size_t;

struct ReleaseCacheOptions {
  std::vector<std::string> stream_namespaces = {""};  // one a stream; "" = every namespace
  std::vector<std::string> label_allow_list = {};     // keys; "*" = all user labels
  bool payloads = true;                               // false: --payload=never
  Duration publish_delay = std::chrono::seconds(2);
};

// A payload still to be read: of a current revision, for this (uid, resourceVersion).
struct WantedPayload {
  helm::ReleaseKey key;
  helm::Revision revision = 0;
  std::string object_name;
  std::string uid;  // a UUID; for an object whose uid is none, a UUID that stands for it
  std::uint64_t resource_version = 0;
};

// What a payload said, for the object it came with.
struct PayloadFacts {
  helm::ReleaseKey key;
  helm::Revision revision = 0;
  std::string uid;
  std::uint64_t resource_version = 0;  // of the object the payload came in
  std::uint64_t storage_bytes = 0;
  helm::DecodeOutcome outcome;
};

// What changed since the last drain. A null release: no longer there.
struct ReleaseChange {
  helm::ReleaseKey key;
  ReleasePtr release;
};
struct ReleaseChanges {
  std::vector<ReleaseChange> releases;
  // Namespaces whose error count changed; nullopt: its last release object is gone.
  std::map<std::string, std::optional<std::uint64_t>> namespace_errors;
};

class ReleaseCache {
 public:
  explicit ReleaseCache(ReleaseCacheOptions options = {});
  ~ReleaseCache();

  // --- writers, one thread a stream ---
  void begin_replace(StreamIndex stream);
  void replace_item(StreamIndex stream, const helm::SecretMeta& object);
  // Releases whose current revision (or its resourceVersion) changed: to be reconciled.
  std::vector<helm::ReleaseKey> commit_replace(StreamIndex stream, MonoTime now);
  void abort_replace(StreamIndex stream);
  // The release to be reconciled, if one changed. An older resourceVersion changes nothing.
  std::optional<helm::ReleaseKey> upsert(StreamIndex stream, const helm::SecretMeta& object,
                                         MonoTime now);
  std::optional<helm::ReleaseKey> erase(StreamIndex stream, const helm::SecretMeta& object,
                                        MonoTime now);

  // --- payload workers ---
  // nullopt: no such release, or its current payload has been read.
  std::optional<WantedPayload> wanted_payload(const helm::ReleaseKey& key) const;
  std::size_t wanted_payloads() const;
  // Every wanted one, at most `limit`.
  std::vector<WantedPayload> all_wanted_payloads(std::size_t limit) const;
  // Takes the facts if that object is still the current revision and not newer than they are;
  // facts newer than the object count for it once the watch brings that version. An
  // undecodable outcome counts once a (uid, resourceVersion). False when they came too late.
  bool put_payload(const PayloadFacts& facts);

  // --- readers ---
  // Published changes since the last drain (one consumer: the exposition).
  ReleaseChanges drain(MonoTime now);
  // Everything published, ordered by key.
  std::vector<ReleasePtr> snapshot(MonoTime now);
  std::array<std::uint64_t, helm::kIgnoredNameCount> ignored_objects() const;
  struct Counts {
    std::size_t objects = 0;
    std::size_t releases = 0;
  };
  Counts counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::state
