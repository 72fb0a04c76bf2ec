// The controller's own metrics, under the names that operators of Kubernetes controllers
// already alert on. Read from the stats that other modules own, at each scrape.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/stats.hpp"
#include "lookout/http/server.hpp"
#include "lookout/kube/api_client.hpp"
#include "lookout/kube/credentials.hpp"
#include "lookout/kube/reflector.hpp"
#include "lookout/metrics/auth_stats.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/repository/scan.hpp"
#include "lookout/state/payload_stats.hpp"
#include "lookout/state/release_cache.hpp"
#include "lookout/state/repository_cache.hpp"

namespace lookout::metrics {

struct BuildInfo {
  std::string version;
  std::string revision;  // of the source; "" when it is not known
  std::string compiler;
};

struct ConfigStats {
  Gauge hash;            // of the settings in effect; an integer below 2^53
  Gauge reload_success;  // 1: the last reload was taken over
};

// One look at the work queue.
struct WorkQueueSample {
  std::size_t depth = 0;
  std::uint64_t adds = 0;
  std::uint64_t retries = 0;
  double unfinished_work_seconds = 0;  // of all items being worked on, together
  double longest_running_processor_seconds = 0;
  Histogram::Snapshot queue_seconds;  // from add to start of work
  Histogram::Snapshot work_seconds;
};

// Every pointer may be null, every function and list empty: their families are left out.
// What is pointed to outlives SelfMetrics.
struct SelfSources {
  BuildInfo build;
  const ConfigStats* config = nullptr;
  const state::ReleaseCache* cache = nullptr;
  struct Stream {
    std::string ns;  // "" = every namespace
    const kube::ReflectorStats* stats = nullptr;
  };
  std::vector<Stream> streams;
  const kube::ApiClientStats* api = nullptr;
  const kube::CredentialStats* credentials = nullptr;
  std::function<WorkQueueSample()> work_queue;
  const state::PayloadStats* payloads = nullptr;
  const state::RepositoryCache* repositories = nullptr;  // with `clock`
  const Clock* clock = nullptr;
  const repository::ScanStats* scans = nullptr;
  const ExpositionStats* exposition = nullptr;
  struct Server {
    std::string name;  // "metrics", "health"
    const http::ServerStats* stats = nullptr;
  };
  std::vector<Server> servers;
  const AuthStats* auth = nullptr;
  const TokenFileStats* token_file = nullptr;
};

// Thread-safe.
class SelfMetrics {
 public:
  explicit SelfMetrics(SelfSources sources);
  ~SelfMetrics();

  // Without "# EOF"; the SelfRenderer of Exposition.
  std::string render(TextFormat format) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::metrics
