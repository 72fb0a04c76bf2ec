#include "lookout/state/release_join.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "lookout/base/mutex.hpp"

namespace lookout::state {
namespace {

struct Joined {
  ReleasePtr release;
  mutable ReleaseMatchPtr match;  // no part of the order
};

struct ByKey {
  using is_transparent = void;
  static const helm::ReleaseKey& key(const Joined& joined) { return joined.release->key; }
  static const helm::ReleaseKey& key(const helm::ReleaseKey& k) { return k; }
  template <class A, class B>
  bool operator()(const A& a, const B& b) const {
    return key(a) < key(b);
  }
};

// Matches read names and data; whether the last scan worked is nothing to them.
bool have_same_charts(const RepositorySnapshot& a, const RepositorySnapshot& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const RepositoryPtr& one, const RepositoryPtr& other) {
                      return one->name == other->name && one->data == other->data;
                    });
}

// A null match equals only a null match.
bool is_same(const ReleaseMatchPtr& known, const std::optional<ReleaseMatch>& match) {
  return known == nullptr ? !match : match && *match == *known;
}

ReleaseMatchPtr to_shared(std::optional<ReleaseMatch> match) {
  return match ? std::make_shared<const ReleaseMatch>(*std::move(match)) : nullptr;
}

}  // namespace

struct ReleaseJoin::State {
  State(ReleaseCache& r, const RepositoryCache* c) : releases(r), repositories(c) {}

  std::shared_ptr<const RepositorySnapshot> snapshot() const;
  std::shared_ptr<const ReleaseMatcher> matcher_of(
      const std::shared_ptr<const RepositorySnapshot>& wanted) EXCLUDES(mutex);
  ReleaseMatchPtr apply(const ReleaseChange& change);
  void match_again(std::vector<JoinedChange>& out);

  ReleaseCache& releases;
  const RepositoryCache* const repositories;

  Mutex mutex;
  std::vector<Pin> pins GUARDED_BY(mutex);
  std::shared_ptr<const RepositorySnapshot> matched GUARDED_BY(mutex);  // null: match anew
  std::shared_ptr<const ReleaseMatcher> matcher GUARDED_BY(mutex);

  // Of drain() alone.
  std::set<Joined, ByKey> joined;
  std::shared_ptr<const ReleaseMatcher> used;
};

std::shared_ptr<const RepositorySnapshot> ReleaseJoin::State::snapshot() const {
  static const auto kNone = std::make_shared<const RepositorySnapshot>();
  return repositories == nullptr ? kNone : repositories->snapshot();
}

std::shared_ptr<const ReleaseMatcher> ReleaseJoin::State::matcher_of(
    const std::shared_ptr<const RepositorySnapshot>& wanted) {
  MutexLock lock(mutex);
  if (matched == nullptr || !have_same_charts(*matched, *wanted)) {
    const auto once_held = [this](auto repository, auto chart, auto version) {
      return repositories->once_held(repository, chart, version);
    };
    matcher = std::make_shared<const ReleaseMatcher>(wanted, pins, once_held);
    matched = wanted;
  }
  return matcher;
}

ReleaseMatchPtr ReleaseJoin::State::apply(const ReleaseChange& change) {
  if (repositories == nullptr) return nullptr;
  const auto known = joined.find(change.key);
  if (known != joined.end()) joined.erase(known);
  if (change.release == nullptr) return nullptr;
  return joined.insert({change.release, to_shared(used->match(*change.release))}).first->match;
}

void ReleaseJoin::State::match_again(std::vector<JoinedChange>& out) {
  for (const Joined& item : joined) {
    auto match = used->match(*item.release);
    if (is_same(item.match, match)) continue;
    item.match = to_shared(std::move(match));
    out.push_back({item.release->key, item.release, item.match});
  }
}

ReleaseJoin::ReleaseJoin(ReleaseCache& releases, const RepositoryCache* repositories)
    : state_(std::make_unique<State>(releases, repositories)) {}
ReleaseJoin::~ReleaseJoin() = default;

void ReleaseJoin::set_pins(std::vector<Pin> pins) {
  MutexLock lock(state_->mutex);
  if (pins == state_->pins) return;
  state_->pins = std::move(pins);
  state_->matched = nullptr;
}

std::shared_ptr<const ReleaseMatcher> ReleaseJoin::matcher() const {
  return state_->matcher_of(state_->snapshot());
}

JoinedChanges ReleaseJoin::drain(MonoTime now) {
  JoinedChanges out;
  out.repositories = state_->snapshot();
  const auto matcher = state_->matcher_of(out.repositories);
  const bool matches_anew = matcher != state_->used;
  state_->used = matcher;
  ReleaseChanges changes = state_->releases.drain(now);
  for (ReleaseChange& change : changes.releases) {
    ReleaseMatchPtr match = state_->apply(change);
    out.releases.push_back({std::move(change.key), std::move(change.release), std::move(match)});
  }
  if (matches_anew) state_->match_again(out.releases);
  out.namespace_errors = std::move(changes.namespace_errors);
  return out;
}

}  // namespace lookout::state
