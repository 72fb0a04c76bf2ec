// Both sides of the store's invariant in one form.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "lookout/base/clock.hpp"
#include "lookout/kube/payload_decoder.hpp"
#include "lookout/state/release_cache.hpp"

#include "test/fakes/object_store.hpp"

namespace lookout::integration {

struct ReleaseTruth {
  std::string object_name;  // of the current revision
  std::string uid;
  std::uint64_t resource_version = 0;
  std::string status;
  std::size_t revisions = 0;
  std::map<std::string, std::string> user_labels;

  bool operator==(const ReleaseTruth&) const = default;
};
using Truth = std::map<std::pair<std::string, std::string>, ReleaseTruth>;

// Of the server: release objects that a cluster-wide stream would select.
Truth truth_of(const fakes::ObjectStore& store, kube::StorageDriver driver);
// Of a cache that no payload was ever put into.
Truth truth_of(state::ReleaseCache& cache, MonoTime now);

}  // namespace lookout::integration
