#include "src/state/publication.hpp"

#include <map>
#include <memory>
#include <utility>

namespace lookout::state {

void Publication::changed(StoredRelease& release) {
  release.forget_stale_facts();
  if (payloads_ && release.facts == nullptr) {
    wanted_.insert(&release);
  } else {
    wanted_.erase(&release);
  }
  // A list brings a release as often as it has revisions, and the releases in order.
  if (!std::exchange(release.unpublished, true)) {
    unpublished_.insert(unpublished_.end(), &release);
  }
}

void Publication::changed(StoredRelease& release, MonoTime now) {
  if (!release.changed_at) release.changed_at = now;
  changed(release);
}

void Publication::removed(StoredRelease& release) {
  wanted_.erase(&release);
  unpublished_.erase(&release);
  undrained_.erase(&release);
  if (release.drained) removed_.insert(release.key());
}

bool Publication::is_due(const StoredRelease& release, MonoTime now) const {
  return !payloads_ || release.facts_match() || now - *release.changed_at >= delay_;
}

void Publication::publish(StoredRelease& release) {
  release.changed_at.reset();
  auto value = std::make_shared<const Release>(release.to_release(payloads_));
  if (release.published != nullptr && *release.published == *value) return;
  release.published = std::move(value);
  undrained_.insert(&release);
}

std::vector<StoredRelease*> Publication::publish_due(MonoTime now) {
  std::vector<StoredRelease*> appeared;
  for (auto at = unpublished_.begin(); at != unpublished_.end();) {
    StoredRelease& release = **at;
    if (!release.changed_at) release.changed_at = now;
    if (!is_due(release, now)) {
      ++at;
      continue;
    }
    if (release.published == nullptr) appeared.push_back(&release);
    publish(release);
    release.unpublished = false;
    at = unpublished_.erase(at);
  }
  return appeared;
}

std::vector<ReleaseChange> Publication::drain() {
  std::map<helm::ReleaseKey, ReleasePtr> changes;
  for (const helm::ReleaseKey& key : removed_) changes.emplace(key, nullptr);
  for (StoredRelease* const release : undrained_) {
    release->drained = true;
    changes[release->key()] = release->published;
  }
  removed_.clear();
  undrained_.clear();
  std::vector<ReleaseChange> out;
  out.reserve(changes.size());
  for (auto& [key, release] : changes) out.push_back({key, std::move(release)});
  return out;
}

}  // namespace lookout::state
