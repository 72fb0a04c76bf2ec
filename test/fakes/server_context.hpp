// What all connections of one fake API server share.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/mutex.hpp"

#include "test/fakes/api_call.hpp"
#include "test/fakes/faults.hpp"
#include "test/fakes/http_request.hpp"
#include "test/fakes/object_store.hpp"

namespace lookout::fakes {

struct OwnPage {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};
// nullopt: it knows no such page. Called by the threads of connections.
using OwnPages = std::function<std::optional<OwnPage>(const HttpRequest&)>;

struct FakeApiServerOptions {
  std::uint16_t port = 0;    // on 127.0.0.1; 0 picks a free one
  bool tls = false;          // with a certificate made at start
  std::string bearer_token;  // "": everybody may read
  Duration bookmark_period = std::chrono::seconds(60);
  // How long a LIST at a resourceVersion that does not exist yet is kept waiting.
  Duration future_version_delay = std::chrono::seconds(3);
  Duration watch_time_max = std::chrono::hours(1);  // shortens the client's timeoutSeconds
  bool watch_list = true;                           // false: sendInitialEvents is 422
  std::string git_version = "v1.36.4";
  std::size_t connections_max = 512;
  // nullptr: one of its own. Shared, a cluster outlives its server.
  std::shared_ptr<ObjectStore> store;
  OwnPages pages;  // of any method, beside those of an API server; nullptr: none
};

struct RecordedRequest {
  Verb verb = Verb::kOther;
  HttpRequest request;
  MonoTime at;
};

// Thread-safe. Keeps the last kRequestsMax.
class RequestLog {
 public:
  static constexpr std::size_t kRequestsMax = 10'000;

  void add(RecordedRequest request) EXCLUDES(mutex_);
  std::vector<RecordedRequest> all() const EXCLUDES(mutex_);
  std::size_t count(const RequestMatcher& matcher) const EXCLUDES(mutex_);
  // Blocks until `count` requests match; false after `timeout`.
  bool wait(const RequestMatcher& matcher, std::size_t count, Duration timeout) EXCLUDES(mutex_);

 private:
  std::size_t count_locked(const RequestMatcher& matcher) const LOCKED(mutex_);

  mutable Mutex mutex_;
  ConditionVariable added_;
  std::deque<RecordedRequest> requests_ GUARDED_BY(mutex_);
};

struct ServerContext {
  explicit ServerContext(FakeApiServerOptions settings);

  bool authorized(const HttpRequest& request) const EXCLUDES(mutex);
  void set_bearer_token(std::string token) EXCLUDES(mutex);

  const FakeApiServerOptions options;
  const std::shared_ptr<ObjectStore> store;
  FaultScript faults;
  RequestLog log;
  std::atomic<std::size_t> open_watches{0};  // past their initial events

  mutable Mutex mutex;
  std::string bearer_token GUARDED_BY(mutex);
};

}  // namespace lookout::fakes
