// The in-memory truth about repositories. Writers: one scanner thread a repository, and whoever
// applies changed settings. Readers take an immutable snapshot.
//
// Thread-safe; one internal leaf lock.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/state/repository.hpp"

namespace lookout::state {

struct RepositoryIdentity {
  std::string name;
  std::string type;
  std::string url;

  bool operator==(const RepositoryIdentity&) const = default;
};

class RepositoryCache {
 public:
  RepositoryCache();
  ~RepositoryCache();

  // The repositories there are now, in this order. One whose identity is unchanged keeps its
  // data and stats; one that is no longer there leaves with both. Of two with one name the first
  // is taken. REQUIRES: whoever scanned a repository that leaves has stopped.
  void set_repositories(const std::vector<RepositoryIdentity>& repositories);

  // What a scan brought; its stats are the scanner's to count. Of a repository that is not there
  // (any more), or unchanged before there are data: ignored. Equal data stay the same object.
  void put_success(std::string_view name, helm::ChartIndex index, std::uint64_t bytes, WallTime at);
  void put_unchanged(std::string_view name, WallTime at);
  void put_failure(std::string_view name, std::string error_type, std::string message, WallTime at);

  std::shared_ptr<const RepositorySnapshot> snapshot() const;
  // Null when it is not there.
  std::shared_ptr<RepositoryStats> stats(std::string_view name) const;

  // Whether this process once saw that version of the chart in the repository, which holds it
  // no longer. Remembers kGoneVersionsMax a repository.
  static constexpr std::size_t kGoneVersionsMax = 100'000;
  bool once_held(std::string_view repository, std::string_view chart,
                 std::string_view version) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::state
