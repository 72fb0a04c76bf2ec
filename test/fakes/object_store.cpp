#include "test/fakes/object_store.hpp"

#include <algorithm>
#include <cstdio>

namespace lookout::fakes {
namespace {

ObjectKey key_of(const Object& object) {
  return {object.resource, object.ns, object.name};
}

// Shaped like a random UUID, but the same in every run.
std::string make_uid(std::uint64_t count) {
  const std::uint64_t mixed = (count + 1) * 0x9e3779b97f4a7c15U;
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-a%03x-%012llx",
                static_cast<unsigned>(mixed >> 32U), static_cast<unsigned>(mixed >> 16U) & 0xffffU,
                static_cast<unsigned>(mixed >> 4U) & 0xfffU, static_cast<unsigned>(mixed) & 0xfffU,
                static_cast<unsigned long long>(count));
  return text;
}

std::vector<ObjectPtr> select(const ObjectStore::Objects& objects, Resource resource,
                              const std::string& ns) {
  std::vector<ObjectPtr> out;
  for (auto it = objects.lower_bound({resource, ns, ""}); it != objects.end(); ++it) {
    if (it->first.resource != resource || (!ns.empty() && it->first.ns != ns)) break;
    out.push_back(it->second);
  }
  return out;
}

void undo(ObjectStore::Objects& objects, const Change& change) {
  const Object& named = change.before ? *change.before : *change.after;
  if (change.before) {
    objects[key_of(named)] = change.before;
  } else {
    objects.erase(key_of(named));
  }
}

}  // namespace

ObjectStore::ObjectStore(std::uint64_t first_resource_version)
    : resource_version_(first_resource_version), compacted_version_(first_resource_version) {}

ObjectPtr ObjectStore::put(Object object) {
  MutexLock lock(mutex_);
  ObjectPtr& slot = objects_[key_of(object)];
  if (slot && !object.uid.empty() && object.uid != slot->uid) record(std::exchange(slot, {}), {});
  if (object.uid.empty()) object.uid = slot ? slot->uid : make_uid(++uids_made_);
  object.resource_version = resource_version_ + 1;
  auto after = std::make_shared<const Object>(std::move(object));
  record(std::exchange(slot, after), after);
  return after;
}

bool ObjectStore::remove(const ObjectKey& key) {
  MutexLock lock(mutex_);
  const auto it = objects_.find(key);
  if (it == objects_.end()) return false;
  ObjectPtr before = std::move(it->second);
  objects_.erase(it);
  record(std::move(before), {});
  return true;
}

void ObjectStore::record(ObjectPtr before, ObjectPtr after) {
  history_.push_back({++resource_version_, std::move(before), std::move(after)});
  if (history_.size() > kHistoryChangesMax) {
    compacted_version_ = history_.front().resource_version;
    history_.pop_front();
  }
  for (Waker* waker : wakers_) waker->wake();
}

void ObjectStore::advance(std::uint64_t changes) {
  MutexLock lock(mutex_);
  resource_version_ += changes;
}

void ObjectStore::compact() {
  MutexLock lock(mutex_);
  history_.clear();
  compacted_version_ = resource_version_;
}

ObjectStore::Snapshot ObjectStore::snapshot() const {
  MutexLock lock(mutex_);
  return {resource_version_, objects_};
}

void ObjectStore::restore(const Snapshot& snapshot) {
  MutexLock lock(mutex_);
  resource_version_ = snapshot.resource_version;
  objects_ = snapshot.objects;
  while (!history_.empty() && history_.back().resource_version > resource_version_) {
    history_.pop_back();
  }
  compacted_version_ = std::min(compacted_version_, resource_version_);
}

std::uint64_t ObjectStore::resource_version() const {
  MutexLock lock(mutex_);
  return resource_version_;
}

std::size_t ObjectStore::size() const {
  MutexLock lock(mutex_);
  return objects_.size();
}

ObjectPtr ObjectStore::find(const ObjectKey& key) const {
  MutexLock lock(mutex_);
  const auto it = objects_.find(key);
  return it == objects_.end() ? nullptr : it->second;
}

ObjectStore::View ObjectStore::list(Resource resource, const std::string& ns) const {
  MutexLock lock(mutex_);
  return {resource_version_, select(objects_, resource, ns)};
}

std::optional<ObjectStore::View> ObjectStore::list_at(Resource resource, const std::string& ns,
                                                      std::uint64_t resource_version) const {
  MutexLock lock(mutex_);
  if (resource_version < compacted_version_) return std::nullopt;
  Objects objects = objects_;
  for (auto it = history_.rbegin();
       it != history_.rend() && it->resource_version > resource_version; ++it) {
    undo(objects, *it);
  }
  return View{resource_version, select(objects, resource, ns)};
}

ObjectStore::Changes ObjectStore::changes_since(std::uint64_t resource_version) const {
  MutexLock lock(mutex_);
  Changes out;
  out.compacted = resource_version < compacted_version_;
  out.resource_version = std::max(resource_version, resource_version_);
  if (out.compacted) return out;
  const auto first = std::upper_bound(
      history_.begin(), history_.end(), resource_version,
      [](std::uint64_t version, const Change& c) { return version < c.resource_version; });
  out.changes.assign(first, history_.end());
  return out;
}

void ObjectStore::add_waker(Waker* waker) {
  MutexLock lock(mutex_);
  wakers_.push_back(waker);
}

void ObjectStore::remove_waker(Waker* waker) {
  MutexLock lock(mutex_);
  wakers_.erase(std::remove(wakers_.begin(), wakers_.end(), waker), wakers_.end());
}

}  // namespace lookout::fakes
