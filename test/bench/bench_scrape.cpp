// bench_scrape RELEASES: serves the metrics of that many releases (12 series each) on a free
// port of loopback, which it prints. Lines on standard input, until it ends:
//   change N   changes N releases; answers "ok"
//   drop       drops one; answers microseconds of CPU, and those of the text of the scrape after it
#include <time.h>

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

double cpu_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

class Releases {
 public:
  Releases(state::ReleaseCache& cache, const Clock& clock, int count)
      : cache_(cache), clock_(clock), count_(count) {}

  void fill() {
    for (int i = 0; i < count_; ++i) put(i);
  }
  // Spread over all of them, as a fleet-wide upgrade is.
  void change(int how_many) {
    for (int i = 0; i < how_many; ++i) put(pick());
  }
  void drop() { cache_.erase(0, meta_of(pick()), clock_.now()); }

 private:
  int pick() {
    next_ = static_cast<int>((static_cast<long>(next_) + 7919) % count_);
    return next_;
  }
  helm::SecretMeta meta_of(int i) {
    const std::string name = "release-" + std::to_string(i);
    helm::SecretMeta meta;
    meta.ns = "namespace-" + std::to_string(i % 200);
    meta.name = helm::storage_name(name, 1);
    meta.uid = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + i);
    meta.resource_version = std::to_string(++version_);
    meta.labels = {{"name", name}, {"owner", "helm"}, {"status", "deployed"}, {"version", "1"}};
    return meta;
  }
  void put(int i) {
    const helm::SecretMeta meta = meta_of(i);
    cache_.upsert(0, meta, clock_.now());
    state::PayloadFacts facts;
    facts.key = {meta.ns, "release-" + std::to_string(i)};
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

void drop_one(Releases& releases, metrics::Exposition& exposition) {
  const auto scrape = [&] {
    return exposition.scrape(metrics::TextFormat::kText004, metrics::ContentCoding::kIdentity);
  };
  scrape();
  const double begin = cpu_us();
  releases.drop();
  const double dropped = cpu_us();
  scrape();
  std::printf("%.2f %.2f\n", dropped - begin, cpu_us() - dropped);
}

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
    if (line == "drop") {
      drop_one(releases, exposition);
    } else {
      releases.change(std::atoi(line.substr(line.find(' ') + 1).c_str()));
      std::puts("ok");
    }
    std::fflush(stdout);
  }
  return 0;
}
