#include "lookout/state/release_join.hpp"

#include <utility>

namespace lookout::state {

struct ReleaseJoin::State {
  ReleaseCache& releases;
  const RepositoryCache* repositories;
  std::vector<Pin> pins;
};

ReleaseJoin::ReleaseJoin(ReleaseCache& releases, const RepositoryCache* repositories)
    : state_(std::make_unique<State>(State{releases, repositories, {}})) {}
ReleaseJoin::~ReleaseJoin() = default;

void ReleaseJoin::set_pins(std::vector<Pin> pins) {
  state_->pins = std::move(pins);
}

JoinedChanges ReleaseJoin::drain(MonoTime now) {
  JoinedChanges out;
  ReleaseChanges changes = state_->releases.drain(now);
  for (ReleaseChange& change : changes.releases) {
    out.releases.push_back({std::move(change.key), std::move(change.release), nullptr});
  }
  out.namespace_errors = std::move(changes.namespace_errors);
  out.repositories = state_->repositories == nullptr ? std::make_shared<const RepositorySnapshot>()
                                                     : state_->repositories->snapshot();
  return out;
}

}  // namespace lookout::state
