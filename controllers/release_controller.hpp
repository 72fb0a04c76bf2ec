// Keeps the ReleaseCache equal to the cluster: one reflector a stream feeds it, what changed
// goes through a work queue, and workers read the payloads of current revisions.
//
// Threads: one a stream, four payload workers, one for bulk reads. start() and stop() once,
// from one thread; readiness() from any.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"
#include "lookout/kube/api_client.hpp"
#include "lookout/kube/reflector.hpp"
#include "lookout/kube/work_queue.hpp"
#include "lookout/state/payload_stats.hpp"
#include "lookout/state/release_cache.hpp"

#include "controllers/payload_reader.hpp"
#include "controllers/readiness.hpp"
#include "controllers/release_filter.hpp"

namespace lookout::controllers {

struct ReleaseControllerOptions {
  kube::StorageDriver driver = kube::StorageDriver::kSecret;
  std::vector<std::string> namespaces;  // empty: one cluster-wide stream
  std::vector<std::string> namespaces_ignore;
  std::uint32_t shard = 0;
  std::uint32_t total_shards = 1;
  bool payloads = true;
  helm::DecodeMode decode = helm::DecodeMode::kStop;

  // The namespaces of the streams, in stream order: {""} when cluster-wide, else those of
  // `namespaces` that this shard is responsible for, which may be none.
  std::vector<std::string> stream_namespaces() const;
};

class ReleaseController {
 public:
  using Queue = kube::WorkQueue<helm::ReleaseKey>;

  // All outlive the controller; the cache was made for options.stream_namespaces().
  ReleaseController(kube::ApiClient& client, state::ReleaseCache& cache, const Clock& clock,
                    ReleaseControllerOptions options);
  ~ReleaseController();  // stops

  void start();
  void stop();

  Readiness readiness();

  const std::vector<std::string>& stream_namespaces() const { return stream_namespaces_; }
  const kube::ReflectorStats& stream_stats(std::size_t stream) const;
  const state::PayloadStats& payload_stats() const { return payload_stats_; }
  const Queue& queue() const { return queue_; }

 private:
  struct Stream;

  void on_delta(std::size_t stream, const kube::Delta& delta);
  void on_bracket(std::size_t stream, kube::Delta::Kind kind);
  void schedule(std::size_t stream, std::vector<helm::ReleaseKey> changed);
  void start_streams(std::stop_token stop);
  std::size_t streams_under_way() const;

  void run_worker(std::stop_token stop);
  void reconcile(const helm::ReleaseKey& key, std::stop_token stop);
  void retry(const helm::ReleaseKey& key, const Error& error);

  void run_bulk(std::stop_token stop);
  void read_in_bulk(std::size_t stream, std::stop_token stop);
  bool lists_are_streamed(std::stop_token stop);

  kube::ApiClient& client_;
  state::ReleaseCache& cache_;
  const Clock& clock_;
  const ReleaseControllerOptions options_;
  const std::vector<std::string> stream_namespaces_;
  const ReleaseFilter filter_;
  state::PayloadStats payload_stats_;
  PayloadReader reader_;
  std::atomic<bool> reads_failing_ = false;
  Queue queue_;
  std::vector<std::unique_ptr<Stream>> streams_;

  Mutex bulk_mutex_;
  ConditionVariable bulk_changed_;
  std::deque<std::size_t> bulk_streams_ GUARDED_BY(bulk_mutex_);  // at most one entry a stream
  bool bulk_running_ GUARDED_BY(bulk_mutex_) = false;

  Mutex ready_mutex_;
  std::optional<MonoTime> synced_at_ GUARDED_BY(ready_mutex_);
  bool was_ready_ GUARDED_BY(ready_mutex_) = false;

  std::vector<std::jthread> threads_;
};

}  // namespace lookout::controllers
