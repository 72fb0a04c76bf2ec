#include "src/state/release_table.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace lookout::state {
namespace {

// Only an object of the same or a later incarnation says anything about the one stored.
bool is_outdated(const StoredRevision& event, const Uid& uid, std::uint64_t resource_version) {
  return !(event.uid == uid) && event.resource_version < resource_version;
}

std::size_t index(helm::IgnoredName reason) {
  return static_cast<std::size_t>(reason);
}

}  // namespace

ObjectRecord to_record(const helm::SecretMeta& object, const std::vector<std::string>& allow_list) {
  const helm::ParsedName parsed = helm::parse_storage_name(object.name);
  ObjectRecord record;
  record.name = parsed.name ? std::string(parsed.name->release) : object.name;
  if (!parsed.name) record.ignored = parsed.ignored;
  record.stored = to_stored(object, parsed.name ? parsed.name->revision : 0, allow_list);
  return record;
}

void ChangeLog::add(const StoredRelease& release) {
  if (!changed.empty() && changed.back().name == *release.name &&
      changed.back().ns == *release.ns) {
    return;
  }
  changed.push_back(release.key());
}

std::vector<helm::ReleaseKey> ChangeLog::finish() {
  std::sort(changed.begin(), changed.end());
  changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
  return std::move(changed);
}

ReleaseTable::ReleaseTable(const ReleaseCacheOptions& options)
    : publication_(options.payloads, options.publish_delay) {}

const StoredRelease* ReleaseTable::find(const helm::ReleaseKey& key) const {
  const auto space = namespaces_.find(key.ns);
  if (space == namespaces_.end()) return nullptr;
  const auto release = space->second.releases.find(key.name);
  return release == space->second.releases.end() ? nullptr : &release->second;
}

StoredRevision* ReleaseTable::find_revision(const std::string& ns, const ObjectRecord& object) {
  const auto space = namespaces_.find(ns);
  if (space == namespaces_.end()) return nullptr;
  const auto release = space->second.releases.find(object.name);
  if (release == space->second.releases.end()) return nullptr;
  return release->second.find(object.stored.revision);
}

ReleaseTable::IgnoredObject* ReleaseTable::find_ignored(const std::string& ns,
                                                        const ObjectRecord& object) {
  const auto space = namespaces_.find(ns);
  if (space == namespaces_.end()) return nullptr;
  const auto ignored = space->second.ignored.find(object.name);
  return ignored == space->second.ignored.end() ? nullptr : &ignored->second;
}

bool ReleaseTable::mark(const std::string& ns, const ObjectRecord& object,
                        std::uint32_t generation) {
  const auto mark_same = [&](auto* stored) {
    if (stored == nullptr || !(stored->uid == object.stored.uid) ||
        stored->resource_version != object.stored.resource_version) {
      return false;
    }
    stored->generation = generation;
    return true;
  };
  return object.ignored ? mark_same(find_ignored(ns, object))
                        : mark_same(find_revision(ns, object));
}

void ReleaseTable::unmark(const std::string& ns, const ObjectRecord& object) {
  const auto unmark_same = [&](auto* stored) {
    if (stored == nullptr || is_outdated(object.stored, stored->uid, stored->resource_version)) {
      return;
    }
    stored->generation = object.stored.generation - 1;
  };
  object.ignored ? unmark_same(find_ignored(ns, object)) : unmark_same(find_revision(ns, object));
}

StoredRelease& ReleaseTable::find_or_add(Namespaces::iterator at, const std::string& name) {
  auto& releases = at->second.releases;
  // A list comes in order: of the last release there is, or of one behind it.
  if (!releases.empty() && releases.rbegin()->first == name) return releases.rbegin()->second;
  const auto release = releases.try_emplace(releases.end(), name);
  if (release->second.name == nullptr) {
    release->second.ns = &at->first;
    release->second.name = &release->first;
    ++counts_.releases;
  }
  return release->second;
}

void ReleaseTable::put_ignored(Namespace& space, ObjectRecord object) {
  const auto [at, added] = space.ignored.try_emplace(std::move(object.name));
  if (added) ++ignored_[index(*object.ignored)];
  at->second = {object.stored.uid, object.stored.resource_version, object.stored.generation,
                *object.ignored};
}

void ReleaseTable::put(const std::string& ns, ObjectRecord object, Precedence precedence,
                       ChangeLog& log) {
  const auto space = namespaces_.try_emplace(ns).first;
  if (object.ignored) {
    put_ignored(space->second, std::move(object));
    return;
  }
  StoredRelease& release = find_or_add(space, object.name);
  const bool appeared = release.revisions.empty();
  StoredRevision* const known = release.find(object.stored.revision);
  if (known != nullptr && known->uid == object.stored.uid) {
    object.stored.error_resource_version = known->error_resource_version;
  }
  if (known != nullptr && object.stored.resource_version <= known->resource_version) {
    if (precedence == Precedence::kNewest) {
      known->generation = object.stored.generation;
      return;
    }
    // Facts read from a future that the server took back say nothing of the present.
    if (known == &release.current()) release.facts.reset();
  }
  if (known == nullptr) ++counts_.objects;
  const helm::Revision revision = object.stored.revision;
  release.put(std::move(object.stored));
  if (appeared || release.current().revision == revision) log.add(release);
  publication_.changed(release, log.now);
}

void ReleaseTable::erase(const std::string& ns, const ObjectRecord& object, ChangeLog& log) {
  const auto space = namespaces_.find(ns);
  if (space == namespaces_.end()) return;
  if (object.ignored) {
    const IgnoredObject* const stored = find_ignored(ns, object);
    if (stored == nullptr || is_outdated(object.stored, stored->uid, stored->resource_version)) {
      return;
    }
    --ignored_[index(stored->reason)];
    space->second.ignored.erase(object.name);
    drop_if_empty(space);
    return;
  }
  const StoredRevision* const stored = find_revision(ns, object);
  if (stored == nullptr || is_outdated(object.stored, stored->uid, stored->resource_version)) {
    return;
  }
  StoredRelease& release = space->second.releases.find(object.name)->second;
  if (stored == &release.current()) log.add(release);
  release.remove(object.stored.revision);
  --counts_.objects;
  after_removal(space, release, log);
  drop_if_empty(space);
}

void ReleaseTable::after_removal(Namespaces::iterator at, StoredRelease& release, ChangeLog& log) {
  if (!release.revisions.empty()) {
    publication_.changed(release, log.now);
    return;
  }
  publication_.removed(release);
  --counts_.releases;
  at->second.releases.erase(*release.name);
}

void ReleaseTable::drop_if_empty(Namespaces::iterator at) {
  Namespace& space = at->second;
  if (!space.releases.empty()) return;
  if (space.drained) removed_namespaces_[at->first] = std::nullopt;
  if (space.ignored.empty()) {
    namespaces_.erase(at);
    return;
  }
  space.errors = 0;
  space.visible = space.errors_changed = space.drained = false;
}

void ReleaseTable::sweep_ignored(Namespace& space, std::uint32_t generation) {
  for (auto at = space.ignored.begin(); at != space.ignored.end();) {
    if (at->second.generation == generation) {
      ++at;
      continue;
    }
    --ignored_[index(at->second.reason)];
    at = space.ignored.erase(at);
  }
}

void ReleaseTable::sweep_namespace(Namespaces::iterator at, std::uint32_t generation,
                                   ChangeLog& log) {
  sweep_ignored(at->second, generation);
  for (auto next = at->second.releases.begin(); next != at->second.releases.end();) {
    StoredRelease& release = (next++)->second;
    const bool current_is_gone = release.current().generation != generation;
    const std::size_t gone = std::erase_if(release.revisions, [&](const StoredRevision& stored) {
      return stored.generation != generation;
    });
    if (gone == 0) continue;
    counts_.objects -= gone;
    if (current_is_gone) log.add(release);
    after_removal(at, release, log);
  }
  drop_if_empty(at);
}

void ReleaseTable::sweep(const std::string& ns, std::uint32_t generation, ChangeLog& log) {
  if (!ns.empty()) {
    if (const auto at = namespaces_.find(ns); at != namespaces_.end()) {
      sweep_namespace(at, generation, log);
    }
    return;
  }
  for (auto next = namespaces_.begin(); next != namespaces_.end();) {
    sweep_namespace(next++, generation, log);
  }
}

bool ReleaseTable::put_payload(const PayloadFacts& facts) {
  const auto space = namespaces_.find(facts.key.ns);
  if (space == namespaces_.end()) return false;
  const auto at = space->second.releases.find(facts.key.name);
  if (at == space->second.releases.end()) return false;
  StoredRelease& release = at->second;
  StoredRevision& current = release.current();
  if (current.revision != facts.revision || !(current.uid == parse_uid(facts.uid)) ||
      facts.resource_version < current.resource_version ||
      (release.facts && facts.resource_version < release.facts->resource_version)) {
    return false;
  }
  if (std::holds_alternative<helm::Undecodable>(facts.outcome) &&
      current.error_resource_version != facts.resource_version) {
    current.error_resource_version = facts.resource_version;
    ++space->second.errors;
    space->second.errors_changed = true;
  }
  release.facts = std::make_unique<const StoredFacts>(
      StoredFacts{current.uid, facts.resource_version, facts.storage_bytes, facts.outcome});
  publication_.changed(release);
  return true;
}

void ReleaseTable::publish_due(MonoTime now) {
  for (const StoredRelease* const release : publication_.publish_due(now)) {
    Namespace& space = namespaces_.find(*release->ns)->second;
    if (!space.visible) space.errors_changed = true;
    space.visible = true;
  }
}

ReleaseChanges ReleaseTable::drain(MonoTime now) {
  publish_due(now);
  ReleaseChanges changes;
  changes.releases = publication_.drain();
  changes.namespace_errors = std::exchange(removed_namespaces_, {});
  for (auto& [ns, space] : namespaces_) {
    if (!space.visible || !space.errors_changed) continue;
    space.errors_changed = false;
    space.drained = true;
    changes.namespace_errors[ns] = space.errors;
  }
  return changes;
}

std::vector<ReleasePtr> ReleaseTable::snapshot(MonoTime now) {
  publish_due(now);
  std::vector<ReleasePtr> out;
  out.reserve(counts_.releases);
  for (const auto& [ns, space] : namespaces_) {
    for (const auto& [name, release] : space.releases) {
      if (release.published != nullptr) out.push_back(release.published);
    }
  }
  return out;
}

}  // namespace lookout::state
