// Payloads that cannot be read for half a minute while events pour in.
#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <string>

#include "lookout/http/cluster_transport.hpp"

#include "controllers/release_controller.hpp"
#include "test/fakes/fake_api_server.hpp"
#include "test/fakes/release_generator.hpp"
#include "test/integration/fast_time.hpp"

namespace lookout::integration {
namespace {

using fakes::RequestMatcher;
using fakes::Verb;

constexpr int kSpeed = 10;
constexpr std::size_t kReleases = 500;
constexpr std::size_t kEvents = 50'000;
constexpr std::chrono::seconds kPatience{60};

// A controller with its workers on a fake server; 30 s are three.
class Workshop {
 public:
  Workshop() {
    fakes::FakeApiServerOptions options;
    options.connections_max = 64;
    server = fakes::FakeApiServer::start(options).value();
    payload_ = std::make_shared<const std::string>(fakes::release_payload(spec_of(0)));
    for (std::size_t i = 0; i < kReleases; ++i) put(i, "deployed");
    kube::ClusterConfig config;
    config.server = http::parse_url(server->origin()).value();
    client_ = kube::ApiClient::create(config, transport, clock).value();
    controller = std::make_unique<controllers::ReleaseController>(
        *client_, cache, clock, controllers::ReleaseControllerOptions());
  }
  ~Workshop() { controller->stop(); }

  void put(std::size_t number, const std::string& status) {
    fakes::ReleaseSpec spec = spec_of(number);
    spec.status = status;
    fakes::Object object = fakes::release_object(spec);
    object.value = payload_;
    server->store().put(std::move(object));
  }
  bool eventually(const std::function<bool()>& condition) const {
    const MonoTime deadline = std::chrono::steady_clock::now() + kPatience;
    const SystemClock system;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      system.sleep(std::chrono::milliseconds(5), {});
    }
    return true;
  }
  bool wants_the_latest() const {
    const auto wanted = cache.all_wanted_payloads(2 * kReleases);
    return wanted.size() == kReleases &&
           std::all_of(wanted.begin(), wanted.end(), [&](const state::WantedPayload& one) {
             const auto object =
                 server->store().find({fakes::Resource::kSecrets, one.key.ns, one.object_name});
             return object && object->resource_version == one.resource_version;
           });
  }
  std::uint64_t fetches() const {
    std::uint64_t sum = 0;
    for (const auto& [labels, count] : controller->payload_stats().fetches.snapshot()) sum += count;
    return sum;
  }

  const FastClock clock{kSpeed};
  std::unique_ptr<fakes::FakeApiServer> server;
  state::ReleaseCache cache;
  std::unique_ptr<controllers::ReleaseController> controller;

 private:
  static fakes::ReleaseSpec spec_of(std::size_t number) {
    fakes::ReleaseSpec spec;
    spec.name = "app-" + std::to_string(number);
    return spec;
  }
  static Result<std::unique_ptr<http::Transport>> transport(const http::TransportOptions& options) {
    auto made = http::create_cluster_transport(options);
    if (!made) return made.error();
    return fast_transport(std::move(made).value(), kSpeed);
  }

  std::shared_ptr<const std::string> payload_;
  std::unique_ptr<kube::ApiClient> client_;
};

}  // namespace

TEST_CASE("W16: payloads that stall hold back no event, and 50,000 events are one job a release") {
  Workshop shop;
  shop.controller->start();
  REQUIRE(shop.eventually([&] { return shop.controller->readiness().ready; }));
  REQUIRE(shop.eventually([&] { return shop.cache.wanted_payloads() == 0; }));
  const std::uint64_t fetches = shop.fetches();
  fakes::Fault stalled;
  stalled.stall_before_head = true;
  for (const char* payloads : {"metadata.name", "superseded"}) {
    shop.server->inject({Verb::kList, payloads, 0, RequestMatcher::kForever}, stalled);
  }
  const MonoTime start = shop.clock.now();
  std::size_t deepest = 0;
  for (std::size_t i = 0; i < kEvents; ++i) {
    shop.put(i % kReleases, i / kReleases % 2 == 0 ? "failed" : "deployed");
    if (i % 1'000 == 0) deepest = std::max(deepest, shop.controller->queue().under_way());
  }
  // Every event has been taken while no payload came, and the last state of each release is what
  // is wanted.
  REQUIRE(shop.eventually([&] { return shop.wants_the_latest(); }));
  CHECK(shop.fetches() - fetches < 100);
  CHECK(deepest <= kReleases);
  CHECK(shop.controller->queue().under_way() <= kReleases);
  const auto watches = [&] { return shop.server->log().count({Verb::kWatch, "", 0, 0}); };
  CHECK(watches() == 0);  // never kicked: still the WatchList it began with
  REQUIRE(shop.eventually([&] { return shop.clock.now() - start > std::chrono::seconds(30); }));
  CHECK(shop.server->open_watches() == 1);

  shop.server->clear_faults();
  REQUIRE(shop.eventually([&] { return shop.cache.wanted_payloads() == 0; }));
  CHECK(shop.server->open_watches() == 1);
  CHECK(watches() == 0);
  // One job a release, and again for those whose first try stalled.
  CHECK(shop.fetches() - fetches < 4 * kReleases);
  for (const auto& release : shop.cache.snapshot(shop.clock.now())) {
    CHECK(release->payload_read);
  }
}

}  // namespace lookout::integration
