// Releases that live: a fake cluster is filled with them and changes step by step, by
// the same sequences of writes as Helm's own actions (pkg/action: install, upgrade,
// rollback, uninstall).
// Deterministic by seed but for the times, which are passed in. Not thread-safe; the
// store it writes to is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "test/fakes/object_store.hpp"
#include "test/fakes/release_generator.hpp"

namespace lookout::fakes {

struct SampleOptions {
  std::uint64_t seed = 1;
  std::size_t releases = 40;
  std::size_t namespaces = 8;
  std::size_t revisions = 0;  // of every release; 0: one to five
  // One payload for all releases of one chart version and status, whatever the release's
  // name: holds hundreds of thousands of objects in little memory.
  bool share_payloads = false;
};

class SampleCluster {
  struct Release {
    std::vector<ReleaseSpec> revisions;  // ascending; empty while uninstalled
    ReleaseSpec first;
    std::uint32_t pending = 0;  // revision under way; 0: none
    bool uninstalling = false;

    bool under_way() const { return pending > 0 || uninstalling; }
  };

 public:
  SampleCluster(ObjectStore& store, SampleOptions options);

  // Everything at once, among it a failed and a pending upgrade, an undecodable payload,
  // a dotted name.
  void fill(std::int64_t now_seconds);
  // One change; a line that says which.
  std::string step(std::int64_t now_seconds);

  enum class Revisions { kCurrent, kHistory };
  // Writes such a revision of some release once more, so that the number of objects stays.
  std::string touch(Revisions which, std::int64_t now_seconds);

  // The store as it is now, and what is under way in it.
  struct Snapshot {
    ObjectStore::Snapshot store;
    std::vector<Release> releases;
    std::set<std::size_t> under_way;
  };
  Snapshot snapshot() const;
  void restore(const Snapshot& snapshot);

 private:
  ReleaseSpec first_revision(std::size_t index, std::int64_t now_seconds);
  void install(std::size_t index, std::int64_t now_seconds);
  void add_special_releases(std::int64_t now_seconds);
  void write(const ReleaseSpec& spec);
  void set_status(ReleaseSpec& spec, const std::string& status);
  ReleaseSpec& append_revision(Release& release, const std::string& status,
                               std::int64_t now_seconds);
  std::string advance(std::size_t index, std::int64_t now_seconds);
  std::string start_change(Release& release, std::int64_t now_seconds);
  std::string finish_change(Release& release, std::int64_t now_seconds);
  std::string start_upgrade(Release& release, std::int64_t now_seconds);
  std::string start_rollback(Release& release, std::int64_t now_seconds);
  std::string finish_upgrade(Release& release);
  std::string finish_uninstall(Release& release);
  void prune(Release& release);
  std::shared_ptr<const std::string> payload(const ReleaseSpec& spec);

  ObjectStore& store_;
  const SampleOptions options_;
  std::mt19937_64 random_;
  std::vector<Release> releases_;
  std::set<std::size_t> under_way_;  // indexes of releases_
  std::map<std::string, std::shared_ptr<const std::string>> shared_payloads_;
};

}  // namespace lookout::fakes
