#include "controllers/release_controller.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "lookout/base/check.hpp"
#include "lookout/base/log.hpp"
#include "lookout/kube/server_version.hpp"

#include "controllers/start_thread.hpp"

namespace lookout::controllers {
namespace {

constexpr std::size_t kPayloadWorkers = 4;
// Below this many, single reads are cheaper than one LIST of everything not superseded.
constexpr std::size_t kBulkPayloadsMin = 50;
// KEP-5116: from here on the server sends a list item by item instead of in one piece.
constexpr kube::ServerVersion kStreamedLists{1, 33};
// Namespaces mode: first lists at once, so that 64 streams are no stampede.
constexpr std::size_t kFirstListsMax = 4;
constexpr std::chrono::milliseconds kStartPoll{20};

}  // namespace

std::vector<std::string> ReleaseControllerOptions::stream_namespaces() const {
  if (namespaces.empty()) return {""};
  const ReleaseFilter filter(namespaces_ignore, shard, total_shards);
  std::vector<std::string> wanted;
  std::copy_if(namespaces.begin(), namespaces.end(), std::back_inserter(wanted),
               [&](const std::string& ns) { return filter.wants(ns); });
  return wanted;
}

struct ReleaseController::Stream {
  kube::ReflectorStats stats;
  std::unique_ptr<kube::Reflector> reflector;
};

ReleaseController::ReleaseController(kube::ApiClient& client, state::ReleaseCache& cache,
                                     const Clock& clock, ReleaseControllerOptions options)
    : client_(client),
      cache_(cache),
      clock_(clock),
      options_(std::move(options)),
      stream_namespaces_(options_.stream_namespaces()),
      filter_(options_.namespaces_ignore, options_.shard, options_.total_shards),
      reader_(client, cache, clock, payload_stats_, options_.driver, options_.decode),
      queue_(clock) {
  for (std::size_t i = 0; i < stream_namespaces_.size(); ++i) {
    auto stream = std::make_unique<Stream>();
    stream->reflector = std::make_unique<kube::Reflector>(
        client, kube::ReflectorOptions{.driver = options_.driver, .ns = stream_namespaces_[i]},
        [this, i](const kube::Delta& delta) { on_delta(i, delta); }, clock, stream->stats);
    streams_.push_back(std::move(stream));
  }
}

ReleaseController::~ReleaseController() {
  stop();
}

void ReleaseController::start() {
  if (options_.payloads) {
    for (std::size_t i = 0; i < kPayloadWorkers; ++i) {
      threads_.push_back(
          start_thread("payloads", [this](std::stop_token stop) { run_worker(stop); }));
    }
    threads_.push_back(start_thread("bulk", [this](std::stop_token stop) { run_bulk(stop); }));
  }
  threads_.push_back(
      start_thread("streams", [this](std::stop_token stop) { start_streams(stop); }));
}

void ReleaseController::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();  // joins
}

const kube::ReflectorStats& ReleaseController::stream_stats(std::size_t stream) const {
  return streams_[stream]->stats;
}

// Runs every stream; with many namespaces only a few first lists at a time.
void ReleaseController::start_streams(std::stop_token stop) {
  std::vector<std::jthread> running;
  for (const auto& stream : streams_) {
    while (running.size() - (streams_.size() - streams_under_way()) >= kFirstListsMax &&
           clock_.sleep(kStartPoll, stop)) {
    }
    if (stop.stop_requested()) break;
    kube::Reflector& reflector = *stream->reflector;
    running.push_back(start_thread("stream " + reflector.ns(),
                                   [&reflector, stop](std::stop_token) { reflector.run(stop); }));
  }
  for (std::jthread& thread : running) thread.join();
}

std::size_t ReleaseController::streams_under_way() const {
  return static_cast<std::size_t>(
      std::count_if(streams_.begin(), streams_.end(), [](const std::unique_ptr<Stream>& stream) {
        const auto status = stream->reflector->status();
        return !status.synced && !status.last_error;
      }));
}

// --- stream threads ---

void ReleaseController::on_delta(std::size_t stream, const kube::Delta& delta) {
  if (delta.object == nullptr) return on_bracket(stream, delta.kind);
  if (!filter_.wants(delta.object->ns)) return;
  std::optional<helm::ReleaseKey> changed;
  if (delta.kind == kube::Delta::Kind::kReplaceItem) {
    cache_.replace_item(stream, *delta.object);
  } else if (delta.kind == kube::Delta::Kind::kUpsert) {
    changed = cache_.upsert(stream, *delta.object, clock_.now());
  } else {
    changed = cache_.erase(stream, *delta.object, clock_.now());
  }
  if (changed && options_.payloads) queue_.add(*changed);
}

// Around the items of a list.
void ReleaseController::on_bracket(std::size_t stream, kube::Delta::Kind kind) {
  if (kind == kube::Delta::Kind::kReplaceBegin) cache_.begin_replace(stream);
  if (kind == kube::Delta::Kind::kReplaceAbort) cache_.abort_replace(stream);
  if (kind == kube::Delta::Kind::kReplaceCommit) {
    schedule(stream, cache_.commit_replace(stream, clock_.now()));
  }
}

void ReleaseController::schedule(std::size_t stream, std::vector<helm::ReleaseKey> changed) {
  if (!options_.payloads) return;
  if (changed.size() < kBulkPayloadsMin) {
    for (const helm::ReleaseKey& key : changed) queue_.add(key);
    return;
  }
  {
    MutexLock lock(bulk_mutex_);
    if (std::find(bulk_streams_.begin(), bulk_streams_.end(), stream) == bulk_streams_.end()) {
      bulk_streams_.push_back(stream);
    }
  }
  bulk_changed_.notify_one();
}

// --- payload workers ---

void ReleaseController::run_worker(std::stop_token stop) {
  while (const auto key = queue_.take(stop)) {
    reconcile(*key, stop);
    queue_.done(*key);
  }
}

// Level-based: what is wanted is asked of the cache, not carried by the key.
void ReleaseController::reconcile(const helm::ReleaseKey& key, std::stop_token stop) {
  const MonoTime start = clock_.now();
  const auto wanted = cache_.wanted_payload(key);
  if (wanted) {
    const auto read = reader_.read(*wanted, stop);
    if (!read && read.error().code == ErrorCode::kCancelled) return;
    if (!read && read.error().code != ErrorCode::kNotFound) return retry(key, read.error());
    if (read && reads_failing_.exchange(false)) log::info("payloads are read again");
  }
  queue_.forget(key);
  payload_stats_.reconciles.add({"success"});
  payload_stats_.reconcile_seconds.observe(
      std::chrono::duration<double>(clock_.now() - start).count());
}

void ReleaseController::retry(const helm::ReleaseKey& key, const Error& error) {
  // One line when reads begin to fail, not one a release: an outage fails all of them.
  if (!reads_failing_.exchange(true)) {
    log::warn("payloads cannot be read",
              {{"namespace", key.ns}, {"release", key.name}, {"error", error}});
  }
  payload_stats_.reconciles.add({error.retry_after ? "requeue_after" : "error"});
  if (!error.retry_after) payload_stats_.reconcile_errors.add();
  // What the server asks for, but never without our own back-off: Retry-After may be 0.
  queue_.add_rate_limited(key, error.retry_after.value_or(std::chrono::seconds(0)));
}

// --- bulk reads ---

void ReleaseController::run_bulk(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::size_t stream = 0;
    {
      MutexLock lock(bulk_mutex_);
      bulk_running_ = false;
      bulk_changed_.wait(bulk_mutex_, stop,
                         [this]() LOCKED(bulk_mutex_) { return !bulk_streams_.empty(); });
      if (stop.stop_requested()) return;
      stream = bulk_streams_.front();
      bulk_streams_.pop_front();
      bulk_running_ = true;
    }
    read_in_bulk(stream, stop);
  }
}

void ReleaseController::read_in_bulk(std::size_t stream, std::stop_token stop) {
  if (lists_are_streamed(stop)) {
    const auto read = reader_.read_all(stream_namespaces_[stream], stop);
    if (!read && read.error().code == ErrorCode::kCancelled) return;
    if (!read)
      log::warn("bulk read of payloads failed, reading one by one", {{"error", read.error()}});
  }
  const std::string& ns = stream_namespaces_[stream];
  for (const auto& wanted : cache_.all_wanted_payloads(cache_.wanted_payloads())) {
    // What other streams want comes with their own bulk read.
    if (ns.empty() || wanted.key.ns == ns) queue_.add(wanted.key);
  }
}

bool ReleaseController::lists_are_streamed(std::stop_token stop) {
  const auto version = kube::read_server_version(client_, std::move(stop));
  return version && *version >= kStreamedLists;
}

// --- readiness ---

Readiness ReleaseController::readiness() {
  std::vector<StreamReport> reports;
  for (const auto& stream : streams_) {
    reports.push_back({stream->reflector->ns(), stream->reflector->status()});
  }
  bool bulk_pending = false;
  {
    MutexLock lock(bulk_mutex_);
    bulk_pending = bulk_running_ || !bulk_streams_.empty();
  }
  // Failed reads wait in the queue's delay, not in its depth: they were tried.
  const std::size_t untried = bulk_pending        ? cache_.wanted_payloads()
                              : options_.payloads ? queue_.under_way()
                                                  : 0;
  MutexLock lock(ready_mutex_);
  if (!synced_at_ && streams_settled(reports)) synced_at_ = clock_.now();
  std::optional<Duration> since_synced;
  if (synced_at_) since_synced = clock_.now() - *synced_at_;
  Readiness out = judge_readiness(reports, untried, since_synced);
  was_ready_ = was_ready_ || out.ready;
  if (was_ready_ && !out.ready) {  // staleness is a metric, not unreadiness
    out.ready = true;
    out.reason.clear();
  }
  return out;
}

}  // namespace lookout::controllers
