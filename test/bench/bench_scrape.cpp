// bench_scrape RELEASES: serves the metrics of that many releases (12 series each) on a free
// port of loopback, which it prints. Each line on standard input is a number of releases to change;
// "ok" answers it. Ends with its input.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/http/server.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/state/release_join.hpp"
#include "lookout/web/routes.hpp"

namespace {

using namespace lookout;

class Releases {
 public:
  Releases(state::ReleaseCache& cache, const Clock& clock, int count)
      : cache_(cache), clock_(clock), count_(count) {}

  void fill() {
    for (int i = 0; i < count_; ++i) put(i);
  }
  // Spread over all of them, as a fleet-wide upgrade is.
  void change(int how_many) {
    for (int i = 0; i < how_many; ++i) {
      next_ = static_cast<int>((static_cast<long>(next_) + 7919) % count_);
      put(next_);
    }
  }

 private:
  void put(int i) {
    const std::string name = "release-" + std::to_string(i);
    helm::SecretMeta meta;
    meta.ns = "namespace-" + std::to_string(i % 200);
    meta.name = helm::storage_name(name, 1);
    meta.uid = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + i);
    meta.resource_version = std::to_string(++version_);
    meta.labels = {{"name", name}, {"owner", "helm"}, {"status", "deployed"}, {"version", "1"}};
    cache_.upsert(0, meta, clock_.now());
    state::PayloadFacts facts;
    facts.key = {meta.ns, name};
    facts.revision = 1;
    facts.uid = meta.uid;
    facts.resource_version = version_;
    facts.storage_bytes = 26'000 + version_ % 1000;
    helm::ReleaseFacts decoded;
    decoded.status = helm::Status::kDeployed;
    decoded.has_chart_metadata = true;
    decoded.chart = "chart-" + std::to_string(i % 50);
    decoded.chart_version = "1.2." + std::to_string(i % 30);
    decoded.app_version = "4.5." + std::to_string(i % 20);
    decoded.first_deployed_seconds = 1'700'000'000 + i;
    decoded.last_deployed_seconds = 1'700'000'000 + static_cast<std::int64_t>(version_);
    facts.outcome = decoded;
    cache_.put_payload(facts);
  }

  state::ReleaseCache& cache_;
  const Clock& clock_;
  const int count_;
  int next_ = 0;
  std::uint64_t version_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const SystemClock clock;
  state::ReleaseCache cache;
  Releases releases(cache, clock, std::atoi(argv[1]));
  releases.fill();
  state::ReleaseJoin join(cache, nullptr);
  metrics::Exposition exposition(join, clock, {}, nullptr);
  web::RouteSources sources;
  sources.metrics = [&](auto format, auto coding) { return exposition.scrape(format, coding); };
  sources.self_metrics = sources.metrics;
  sources.readiness = [] { return web::HealthReport{true, "", {}}; };
  auto server = http::Server::create("metrics", {"127.0.0.1:0"},
                                     web::create_metrics_handler(std::move(sources)));
  if (!server) return 1;
  std::printf("%s\n", (*server)->addresses().front().c_str());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    releases.change(std::atoi(line.c_str()));
    std::puts("ok");
    std::fflush(stdout);
  }
  return 0;
}
