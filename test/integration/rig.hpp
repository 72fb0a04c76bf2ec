// The real reflector, API client, cluster transport and release cache, watching a
// fake API server in the same process; what the integration tests are written in.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "lookout/base/mutex.hpp"
#include "lookout/kube/api_client.hpp"
#include "lookout/kube/reflector.hpp"
#include "lookout/state/release_cache.hpp"

#include "test/fakes/fake_api_server.hpp"
#include "test/fakes/release_generator.hpp"
#include "test/integration/fast_time.hpp"

namespace lookout::integration {

using fakes::Fault;
using fakes::RequestMatcher;
using fakes::Verb;

// What a test waits for at most before it fails.
inline constexpr std::chrono::seconds kPatience{20};

struct RigOptions {
  fakes::FakeApiServerOptions server = {};  // bookmark_period and delays in the rig's time
  int speed = 50;                           // see FastClock
  // See fast_transport(). Seconds: a busy machine is not the server's fault.
  std::chrono::milliseconds head_min{2'000};
  std::vector<std::string> namespaces = {""};
  kube::StorageDriver driver = kube::StorageDriver::kSecret;
  std::uint32_t relist_page_items = 5'000;
  std::string token_file = {};
  // Changes what was made for the fake server, to go elsewhere or as somebody else.
  std::function<void(kube::ClusterConfig&)> adjust = {};
};

class Rig {
 public:
  explicit Rig(RigOptions options = {});
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  // Starts the reflectors.
  void start();
  // Asks them to stop and joins; how long that took, in real time.
  Duration stop();
  // Nobody listens at the server's port, until one starts there with the same objects, another
  // certificate and an empty log.
  void stop_server() { server_->stop(); }
  void start_server();

  fakes::FakeApiServer& server() { return *server_; }
  const kube::ReflectorStats& stats(std::size_t stream = 0) const;
  kube::StreamStatus status(std::size_t stream = 0) const;
  const kube::ApiClient& client() const { return *client_; }
  const FastClock& clock() const { return clock_; }
  void shift_wall_clock(Duration by) { clock_.shift_wall(by); }
  bool wait_until(MonoTime time);  // of clock()
  state::ReleaseCache& cache() { return cache_; }

  // How many lists became visible, and how many releases those and all events changed.
  std::size_t commits() const { return commits_.load(); }
  std::size_t changes() const { return changes_.load(); }
  // Requests so far.
  std::size_t count(Verb verb, const std::string& contains = "");
  std::uint64_t relists(const std::string& reason) const;
  std::uint64_t restarts(const std::string& reason) const;

  // Puts a release with labels and no payload.
  void put(const std::string& name, std::uint32_t revision = 1,
           const std::string& status = "deployed", const std::string& ns = "default");
  void remove(const std::string& name, std::uint32_t revision = 1,
              const std::string& ns = "default");

  // False after kPatience.
  bool wait(const std::function<bool()>& condition);
  bool wait_requests(Verb verb, const std::string& contains, std::size_t count);
  // The store's invariant: the cache holds what the server does, object by object.
  bool wait_equal();
  bool equal();
  // Synced, equal, and a watch is open.
  bool wait_watching();

 private:
  struct Stream;

  void on_delta(std::size_t stream, const kube::Delta& delta);
  void apply(std::size_t stream, const kube::Delta& delta);

  const RigOptions options_;
  FastClock clock_;
  std::unique_ptr<fakes::FakeApiServer> server_;
  std::unique_ptr<kube::ApiClient> client_;
  state::ReleaseCache cache_;
  std::atomic<std::size_t> commits_{0};
  std::atomic<std::size_t> changes_{0};
  Mutex mutex_;
  ConditionVariable changed_;
  std::vector<std::unique_ptr<Stream>> streams_;
};

// A LIST or WatchList at the resourceVersion that was reached is refused with 410 so that
// the next one asks for the most recent.
Fault gone();
// A watch that ends with an ERROR event.
Fault watch_error(int code, const std::string& reason);
// Answers any request with these bytes.
Fault canned(int status, const std::string& content_type, const std::string& body);

}  // namespace lookout::integration
