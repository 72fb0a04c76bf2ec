// The objects of a fake cluster: what etcd and the watch cache are to a real API
// server. One counter of resourceVersions over everything, a history of changes that
// watches and pages read and that can be compacted, and a way back to an older state
// (an etcd restored from a backup).
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lookout/base/mutex.hpp"

#include "test/fakes/waker.hpp"

namespace lookout::fakes {

enum class Resource { kSecrets, kConfigMaps };

using Labels = std::vector<std::pair<std::string, std::string>>;

struct Object {
  Resource resource = Resource::kSecrets;
  std::string ns;
  std::string name;
  std::string uid;                     // "" when put: kept of the old one, else made up
  std::uint64_t resource_version = 0;  // set by the store
  Labels labels;
  std::string type = "helm.sh/release.v1";  // Secrets only
  std::string data_key = "release";
  // Value as in protobuf: without Kubernetes' own base64. Null: the object has no such key.
  std::shared_ptr<const std::string> value;
  std::int64_t created_seconds = 0;
};
using ObjectPtr = std::shared_ptr<const Object>;

struct ObjectKey {
  Resource resource = Resource::kSecrets;
  std::string ns;
  std::string name;

  auto operator<=>(const ObjectKey&) const = default;
};

// before null: created; after null: deleted.
struct Change {
  std::uint64_t resource_version = 0;
  ObjectPtr before;
  ObjectPtr after;
};

class ObjectStore {
 public:
  using Objects = std::map<ObjectKey, ObjectPtr>;
  struct Snapshot {
    std::uint64_t resource_version = 0;
    Objects objects;
  };
  // The watch cache's own limit.
  static constexpr std::size_t kHistoryChangesMax = 102'400;

  explicit ObjectStore(std::uint64_t first_resource_version = 1'000);

  // Creates or updates. A uid that differs from the stored one is a new object: two
  // changes, as deletion and creation are.
  ObjectPtr put(Object object) EXCLUDES(mutex_);
  bool remove(const ObjectKey& key) EXCLUDES(mutex_);
  // As if `changes` other objects had changed.
  void advance(std::uint64_t changes) EXCLUDES(mutex_);
  // Forgets the history: older resourceVersions are 410 from now on.
  void compact() EXCLUDES(mutex_);
  Snapshot snapshot() const EXCLUDES(mutex_);
  // The counter goes back too; watches that are open are told nothing.
  void restore(const Snapshot& snapshot) EXCLUDES(mutex_);

  std::uint64_t resource_version() const EXCLUDES(mutex_);
  std::size_t size() const EXCLUDES(mutex_);
  ObjectPtr find(const ObjectKey& key) const EXCLUDES(mutex_);

  struct View {
    std::uint64_t resource_version = 0;
    std::vector<ObjectPtr> objects;  // by namespace, then name
  };
  // ns "": every namespace.
  View list(Resource resource, const std::string& ns) const EXCLUDES(mutex_);
  // As it was at that version; nullopt when compacted.
  std::optional<View> list_at(Resource resource, const std::string& ns,
                              std::uint64_t resource_version) const EXCLUDES(mutex_);

  struct Changes {
    bool compacted = false;
    std::uint64_t resource_version = 0;  // seen so far, whoever's changes they were
    std::vector<Change> changes;
  };
  Changes changes_since(std::uint64_t resource_version) const EXCLUDES(mutex_);

  // `waker` is woken after every change until it is removed.
  void add_waker(Waker* waker) EXCLUDES(mutex_);
  void remove_waker(Waker* waker) EXCLUDES(mutex_);

 private:
  void record(ObjectPtr before, ObjectPtr after) LOCKED(mutex_);

  mutable Mutex mutex_;
  std::uint64_t resource_version_ GUARDED_BY(mutex_);
  std::uint64_t compacted_version_ GUARDED_BY(mutex_);
  std::uint64_t uids_made_ GUARDED_BY(mutex_) = 0;
  Objects objects_ GUARDED_BY(mutex_);
  std::deque<Change> history_ GUARDED_BY(mutex_);
  std::vector<Waker*> wakers_ GUARDED_BY(mutex_);
};

}  // namespace lookout::fakes
