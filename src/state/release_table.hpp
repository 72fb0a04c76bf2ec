// Namespaces → releases → revisions, recomputed after every change from what exists.
// No locks: its owner has one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/state/release_cache.hpp"

#include "src/state/publication.hpp"
#include "src/state/stored_release.hpp"

namespace lookout::state {

// One object of a list or event, reduced to what is stored of it.
struct ObjectRecord {
  std::string name;                          // the release's, or the object's when ignored
  std::optional<helm::IgnoredName> ignored;  // set: the object's name is no release's
  StoredRevision stored;
};
ObjectRecord to_record(const helm::SecretMeta& object, const std::vector<std::string>& allow_list);

// Which state of an object wins.
enum class Precedence {
  kNewest,  // watch events may repeat and come late: an older resourceVersion changes nothing
  kList,    // a list is what the server has, even when its resourceVersions went back
};

// When a change happened, and where the keys of releases whose current revision changed go.
struct ChangeLog {
  MonoTime now;
  std::vector<helm::ReleaseKey> changed;  // sorted and unique only after finish()

  void add(const StoredRelease& release);
  std::vector<helm::ReleaseKey> finish();
};

class ReleaseTable {
 public:
  explicit ReleaseTable(const ReleaseCacheOptions& options);

  // True when exactly this state of the object is stored; it then belongs to `generation`.
  bool mark(const std::string& ns, const ObjectRecord& object, std::uint32_t generation);
  // The object is not in the list after all: the sweep takes it.
  void unmark(const std::string& ns, const ObjectRecord& object);
  void put(const std::string& ns, ObjectRecord object, Precedence precedence, ChangeLog& log);
  void erase(const std::string& ns, const ObjectRecord& object, ChangeLog& log);
  // Removes what `generation` of a list did not name; ns "" means every namespace.
  void sweep(const std::string& ns, std::uint32_t generation, ChangeLog& log);

  const StoredRelease* find(const helm::ReleaseKey& key) const;
  bool put_payload(const PayloadFacts& facts);
  ReleaseChanges drain(MonoTime now);
  std::vector<ReleasePtr> snapshot(MonoTime now);

  const Publication& publication() const { return publication_; }
  const std::array<std::uint64_t, helm::kIgnoredNameCount>& ignored() const { return ignored_; }
  ReleaseCache::Counts counts() const { return counts_; }

 private:
  struct IgnoredObject {
    Uid uid;
    std::uint64_t resource_version = 0;
    std::uint32_t generation = 0;
    helm::IgnoredName reason = helm::IgnoredName::kBadName;
  };
  struct Namespace {
    std::map<std::string, StoredRelease, std::less<>> releases;
    std::map<std::string, IgnoredObject, std::less<>> ignored;  // by object name
    std::uint64_t errors = 0;
    bool visible = false;         // a release of it was published
    bool errors_changed = false;  // since the last drain
    bool drained = false;         // the consumer of drain() knows of it
  };
  using Namespaces = std::map<std::string, Namespace, std::less<>>;

  StoredRevision* find_revision(const std::string& ns, const ObjectRecord& object);
  IgnoredObject* find_ignored(const std::string& ns, const ObjectRecord& object);
  StoredRelease& find_or_add(Namespaces::iterator at, const std::string& name);
  void put_ignored(Namespace& space, ObjectRecord object);
  void sweep_ignored(Namespace& space, std::uint32_t generation);
  void sweep_namespace(Namespaces::iterator at, std::uint32_t generation, ChangeLog& log);
  void after_removal(Namespaces::iterator at, StoredRelease& release, ChangeLog& log);
  void drop_if_empty(Namespaces::iterator at);
  void publish_due(MonoTime now);

  Namespaces namespaces_;
  Publication publication_;
  std::map<std::string, std::optional<std::uint64_t>> removed_namespaces_;
  std::array<std::uint64_t, helm::kIgnoredNameCount> ignored_{};
  ReleaseCache::Counts counts_;
};

}  // namespace lookout::state
