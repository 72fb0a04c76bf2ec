// A release controller on a fake API server, through the real client, and the cache behind it.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "lookout/base/mutex.hpp"
#include "lookout/http/cluster_transport.hpp"

#include "controllers/release_controller.hpp"
#include "test/fakes/fake_api_server.hpp"
#include "test/fakes/release_generator.hpp"

namespace lookout::controllers {

inline fakes::ReleaseSpec spec(const std::string& name, std::uint32_t revision = 1,
                               const std::string& status = "deployed",
                               const std::string& ns = "team") {
  fakes::ReleaseSpec out;
  out.ns = ns;
  out.name = name;
  out.revision = revision;
  out.status = status;
  return out;
}

// The targets of requests for much.
class BulkLog {
 public:
  void note(const http::Request& request) EXCLUDES(mutex_) {
    if (!request.bulk) return;
    MutexLock lock(mutex_);
    targets_.push_back(request.target);
  }
  std::size_t count(const std::string& contains) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    std::size_t found = 0;
    for (const std::string& target : targets_) {
      if (target.find(contains) != std::string::npos) ++found;
    }
    return found;
  }

 private:
  Mutex mutex_;
  std::vector<std::string> targets_ GUARDED_BY(mutex_);
};

class LoggedTransport final : public http::Transport {
 public:
  LoggedTransport(std::unique_ptr<http::Transport> inner, BulkLog& bulk)
      : inner_(std::move(inner)), bulk_(bulk) {}
  Result<void> send(const http::Request& request, http::BodySink& sink,
                    std::stop_token stop) override {
    bulk_.note(request);
    return inner_->send(request, sink, std::move(stop));
  }

 private:
  const std::unique_ptr<http::Transport> inner_;
  BulkLog& bulk_;
};

// A fake server, a cache and a controller on them.
class World {
 public:
  explicit World(ReleaseControllerOptions options = {}, fakes::FakeApiServerOptions server = {})
      : server_(fakes::FakeApiServer::start(std::move(server)).value()),
        options_(std::move(options)) {
    kube::ClusterConfig config;
    config.server = http::parse_url(server_->origin()).value();
    const auto connect = [this](http::TransportOptions to) {
      auto made = http::create_cluster_transport(std::move(to)).value();
      return Result<std::unique_ptr<http::Transport>>(
          std::make_unique<LoggedTransport>(std::move(made), bulk_));
    };
    client_ = kube::ApiClient::create(config, connect, clock_).value();
    state::ReleaseCacheOptions cache;
    cache.stream_namespaces = options_.stream_namespaces();
    cache.payloads = options_.payloads;
    cache_ = std::make_unique<state::ReleaseCache>(cache);
    controller_ = std::make_unique<ReleaseController>(*client_, *cache_, clock_, options_);
  }
  ~World() { controller_->stop(); }

  void put(const fakes::ReleaseSpec& release) {
    server_->store().put(fakes::whole_release(release));
  }
  void remove(const fakes::ReleaseSpec& release) {
    const fakes::Object object = fakes::release_object(release);
    server_->store().remove({object.resource, object.ns, object.name});
  }

  // Polls until true, 10 s at most.
  bool eventually(const std::function<bool()>& condition) {
    const MonoTime deadline = clock_.now() + std::chrono::seconds(10);
    while (!condition()) {
      if (clock_.now() > deadline) return false;
      clock_.sleep(std::chrono::milliseconds(2), {});
    }
    return true;
  }
  bool becomes_ready() {
    return eventually([this] { return controller_->readiness().ready; });
  }
  // As published now; null when there is none.
  state::ReleasePtr release(const std::string& name) {
    for (const auto& release : cache_->snapshot(clock_.now())) {
      if (release->key.name == name) return release;
    }
    return nullptr;
  }
  std::size_t requests(std::string contains, std::optional<fakes::Verb> verb = std::nullopt) {
    return server_->log().count({.verb = verb, .contains = std::move(contains)});
  }
  std::size_t bulk_requests(const std::string& contains) { return bulk_.count(contains); }

  fakes::FakeApiServer& server() { return *server_; }
  state::ReleaseCache& cache() { return *cache_; }
  ReleaseController& controller() { return *controller_; }

 private:
  const SystemClock clock_;
  BulkLog bulk_;
  std::unique_ptr<fakes::FakeApiServer> server_;
  ReleaseControllerOptions options_;
  std::unique_ptr<kube::ApiClient> client_;
  std::unique_ptr<state::ReleaseCache> cache_;
  std::unique_ptr<ReleaseController> controller_;
};

}  // namespace lookout::controllers
