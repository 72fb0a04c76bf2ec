#include "lookout/state/release_cache.hpp"

#include <deque>
#include <utility>

#include "lookout/base/check.hpp"
#include "lookout/base/mutex.hpp"

#include "src/state/release_table.hpp"

namespace lookout::state {
namespace {

// A list as it comes in: only what differs from the store waits here for the commit.
struct StagedReplace {
  struct Item {
    std::size_t ns = 0;  // index into namespaces
    bool gone = false;
    ObjectRecord object;
  };
  std::vector<std::string> namespaces;
  std::deque<Item> items;  // a deque gives its memory back while the commit works through it

  void add(const std::string& ns, ObjectRecord object, bool gone) {
    if (namespaces.empty() || namespaces.back() != ns) namespaces.push_back(ns);
    items.push_back({namespaces.size() - 1, gone, std::move(object)});
  }
};

struct Stream {
  std::string ns;  // "" = every namespace
  std::uint32_t generation = 0;
  std::unique_ptr<StagedReplace> replace;  // between begin and commit or abort

  bool covers(const std::string& object_ns) const { return ns.empty() || ns == object_ns; }
};

std::optional<helm::ReleaseKey> only_change(ChangeLog& log) {
  if (log.changed.empty()) return std::nullopt;
  return std::move(log.changed.front());
}

}  // namespace

struct ReleaseCache::State {
  explicit State(ReleaseCacheOptions o) : options(std::move(o)), table(options) {
    for (const std::string& ns : options.stream_namespaces) streams.push_back({ns, 0, nullptr});
  }

  ObjectRecord record(const helm::SecretMeta& object, const Stream& stream) const {
    ObjectRecord out = to_record(object, options.label_allow_list);
    out.stored.generation = stream.generation;
    return out;
  }
  Stream& stream(StreamIndex index) LOCKED(mutex) {
    LOOKOUT_CHECK(index < streams.size());
    return streams[index];
  }
  const ReleaseCacheOptions options;
  mutable Mutex mutex;
  ReleaseTable table GUARDED_BY(mutex);
  std::vector<Stream> streams GUARDED_BY(mutex);
};

namespace {

WantedPayload to_wanted(const StoredRelease& release) {
  const StoredRevision& current = release.current();
  return {release.key(), current.revision, helm::storage_name(*release.name, current.revision),
          format_uid(current.uid), current.resource_version};
}

}  // namespace

ReleaseCache::ReleaseCache(ReleaseCacheOptions options)
    : state_(std::make_unique<State>(std::move(options))) {}
ReleaseCache::~ReleaseCache() = default;

void ReleaseCache::begin_replace(StreamIndex index) {
  MutexLock lock(state_->mutex);
  Stream& stream = state_->stream(index);
  ++stream.generation;
  stream.replace = std::make_unique<StagedReplace>();
}

void ReleaseCache::replace_item(StreamIndex index, const helm::SecretMeta& object) {
  MutexLock lock(state_->mutex);
  Stream& stream = state_->stream(index);
  if (stream.replace == nullptr || !stream.covers(object.ns)) return;
  ObjectRecord record = state_->record(object, stream);
  if (state_->table.mark(object.ns, record, stream.generation)) return;
  stream.replace->add(object.ns, std::move(record), false);
}

std::vector<helm::ReleaseKey> ReleaseCache::commit_replace(StreamIndex index, MonoTime now) {
  MutexLock lock(state_->mutex);
  Stream& stream = state_->stream(index);
  if (stream.replace == nullptr) return {};
  ChangeLog log{now, {}};
  StagedReplace& staged = *stream.replace;
  for (; !staged.items.empty(); staged.items.pop_front()) {
    StagedReplace::Item& item = staged.items.front();
    const std::string& ns = staged.namespaces[item.ns];
    if (item.gone) {
      state_->table.unmark(ns, item.object);
    } else {
      state_->table.put(ns, std::move(item.object), Precedence::kList, log);
    }
  }
  state_->table.sweep(stream.ns, stream.generation, log);
  stream.replace.reset();
  return log.finish();
}

void ReleaseCache::abort_replace(StreamIndex index) {
  MutexLock lock(state_->mutex);
  state_->stream(index).replace.reset();
}

std::optional<helm::ReleaseKey> ReleaseCache::upsert(StreamIndex index,
                                                     const helm::SecretMeta& object, MonoTime now) {
  MutexLock lock(state_->mutex);
  Stream& stream = state_->stream(index);
  if (!stream.covers(object.ns)) return std::nullopt;
  ObjectRecord record = state_->record(object, stream);
  if (stream.replace != nullptr) {
    stream.replace->add(object.ns, std::move(record), false);
    return std::nullopt;
  }
  ChangeLog log{now, {}};
  state_->table.put(object.ns, std::move(record), Precedence::kNewest, log);
  return only_change(log);
}

std::optional<helm::ReleaseKey> ReleaseCache::erase(StreamIndex index,
                                                    const helm::SecretMeta& object, MonoTime now) {
  MutexLock lock(state_->mutex);
  Stream& stream = state_->stream(index);
  if (!stream.covers(object.ns)) return std::nullopt;
  ObjectRecord record = state_->record(object, stream);
  if (stream.replace != nullptr) {
    stream.replace->add(object.ns, std::move(record), true);
    return std::nullopt;
  }
  ChangeLog log{now, {}};
  state_->table.erase(object.ns, record, log);
  return only_change(log);
}

std::optional<WantedPayload> ReleaseCache::wanted_payload(const helm::ReleaseKey& key) const {
  MutexLock lock(state_->mutex);
  const StoredRelease* const release = state_->table.find(key);
  if (release == nullptr || !state_->options.payloads || release->facts != nullptr) {
    return std::nullopt;
  }
  return to_wanted(*release);
}

std::size_t ReleaseCache::wanted_payloads() const {
  MutexLock lock(state_->mutex);
  return state_->table.publication().wanted().size();
}

std::vector<WantedPayload> ReleaseCache::all_wanted_payloads(std::size_t limit) const {
  MutexLock lock(state_->mutex);
  std::vector<WantedPayload> out;
  for (const StoredRelease* const release : state_->table.publication().wanted()) {
    if (out.size() >= limit) break;
    out.push_back(to_wanted(*release));
  }
  return out;
}

bool ReleaseCache::put_payload(const PayloadFacts& facts) {
  MutexLock lock(state_->mutex);
  return state_->table.put_payload(facts);
}

ReleaseChanges ReleaseCache::drain(MonoTime now) {
  MutexLock lock(state_->mutex);
  return state_->table.drain(now);
}

std::vector<ReleasePtr> ReleaseCache::snapshot(MonoTime now) {
  MutexLock lock(state_->mutex);
  return state_->table.snapshot(now);
}

std::array<std::uint64_t, helm::kIgnoredNameCount> ReleaseCache::ignored_objects() const {
  MutexLock lock(state_->mutex);
  return state_->table.ignored();
}

ReleaseCache::Counts ReleaseCache::counts() const {
  MutexLock lock(state_->mutex);
  return state_->table.counts();
}

}  // namespace lookout::state
