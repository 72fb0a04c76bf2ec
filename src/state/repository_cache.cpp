#include "lookout/state/repository_cache.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "lookout/base/mutex.hpp"

#include "src/state/gone_versions.hpp"
#include "src/state/version_key.hpp"

namespace lookout::state {
namespace {

struct Entry {
  RepositoryIdentity identity;
  RepositoryPtr published;
  GoneVersions gone{RepositoryCache::kGoneVersionsMax};
};

Entry create_entry(const RepositoryIdentity& identity) {
  Repository repository;
  repository.name = identity.name;
  repository.type = identity.type;
  repository.url = identity.url;
  repository.stats = std::make_shared<RepositoryStats>();
  return {identity, std::make_shared<const Repository>(std::move(repository))};
}

bool contains(const std::vector<Entry>& entries, std::string_view name) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const Entry& entry) { return entry.identity.name == name; });
}

void mark_up(Repository& repository, WallTime at) {
  repository.up = true;
  repository.last_error_type.clear();
  repository.last_error.clear();
  repository.last_attempt = repository.last_success = at;
}

}  // namespace

struct RepositoryCache::State {
  Entry* find(std::string_view name) LOCKED(mutex) {
    const auto at = std::find_if(entries.begin(), entries.end(),
                                 [&](const Entry& entry) { return entry.identity.name == name; });
    return at == entries.end() ? nullptr : &*at;
  }
  RepositoryPtr published(std::string_view name) EXCLUDES(mutex) {
    MutexLock lock(mutex);
    const Entry* const entry = find(name);
    return entry == nullptr ? nullptr : entry->published;
  }
  void publish(Entry& entry, Repository repository) LOCKED(mutex) {
    entry.published = std::make_shared<const Repository>(std::move(repository));
    publish();
  }
  void publish() LOCKED(mutex) {
    auto all = std::make_shared<RepositorySnapshot>();
    for (const Entry& entry : entries) all->push_back(entry.published);
    snapshot = std::move(all);
  }

  mutable Mutex mutex;
  std::vector<Entry> entries GUARDED_BY(mutex);
  std::shared_ptr<const RepositorySnapshot> snapshot GUARDED_BY(mutex) =
      std::make_shared<const RepositorySnapshot>();
};

RepositoryCache::RepositoryCache() : state_(std::make_unique<State>()) {}
RepositoryCache::~RepositoryCache() = default;

void RepositoryCache::set_repositories(const std::vector<RepositoryIdentity>& repositories) {
  MutexLock lock(state_->mutex);
  std::vector<Entry> entries;
  for (const RepositoryIdentity& identity : repositories) {
    // Two of one name would write the same series twice, which costs a scrape.
    if (contains(entries, identity.name)) continue;
    Entry* const known = state_->find(identity.name);
    const bool same = known != nullptr && known->identity == identity;
    entries.push_back(same ? *known : create_entry(identity));
  }
  state_->entries = std::move(entries);
  state_->publish();
}

void RepositoryCache::put_success(std::string_view name, helm::ChartIndex index,
                                  std::uint64_t bytes, WallTime at) {
  const RepositoryPtr before = state_->published(name);
  if (before == nullptr) return;
  std::shared_ptr<const RepositoryIndex> data = before->data;
  VersionChanges changes;
  // Equal data stay the same object: what was made from it need not be made again.
  if (data == nullptr || data->bytes != bytes || !(data->index == index)) {
    if (data != nullptr) changes = compare_versions(data->index, index);
    data = std::make_shared<const RepositoryIndex>(RepositoryIndex{std::move(index), bytes});
  }
  MutexLock lock(state_->mutex);
  Entry* const entry = state_->find(name);
  const bool same = entry != nullptr && entry->published->stats == before->stats;
  if (!same) return;
  entry->gone.apply(changes);
  Repository repository = *entry->published;
  repository.data = std::move(data);
  mark_up(repository, at);
  state_->publish(*entry, std::move(repository));
}

void RepositoryCache::put_unchanged(std::string_view name, WallTime at) {
  MutexLock lock(state_->mutex);
  Entry* const entry = state_->find(name);
  // Without data there is nothing that could have stayed as it was.
  if (entry == nullptr || entry->published->data == nullptr) return;
  Repository repository = *entry->published;
  mark_up(repository, at);
  state_->publish(*entry, std::move(repository));
}

void RepositoryCache::put_failure(std::string_view name, std::string error_type,
                                  std::string message, WallTime at) {
  MutexLock lock(state_->mutex);
  Entry* const entry = state_->find(name);
  if (entry == nullptr) return;
  Repository repository = *entry->published;
  repository.up = false;
  repository.last_error_type = std::move(error_type);
  repository.last_error = std::move(message);
  repository.last_attempt = at;
  state_->publish(*entry, std::move(repository));
}

std::shared_ptr<const RepositorySnapshot> RepositoryCache::snapshot() const {
  MutexLock lock(state_->mutex);
  return state_->snapshot;
}

std::shared_ptr<RepositoryStats> RepositoryCache::stats(std::string_view name) const {
  const RepositoryPtr repository = state_->published(name);
  return repository == nullptr ? nullptr : repository->stats;
}

bool RepositoryCache::once_held(std::string_view repository, std::string_view chart,
                                std::string_view version) const {
  const auto parsed = parse_installed(version);
  if (!parsed) return false;
  const std::uint64_t hash = hash_version(chart, *parsed);
  MutexLock lock(state_->mutex);
  const Entry* const entry = state_->find(repository);
  return entry != nullptr && entry->gone.contains(hash);
}

}  // namespace lookout::state
