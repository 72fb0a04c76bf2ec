// bench_scrape_prometheus RELEASES: the same series as bench_scrape through prometheus-cpp's
// registry and Exposer, the way its README shows. Prints the address; "drop" removes the series of
// one release and answers the microseconds of CPU. Ends with its input.
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using Labels = std::map<std::string, std::string>;
using Family = prometheus::Family<prometheus::Gauge>;

double cpu_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

class Releases {
 public:
  explicit Releases(prometheus::Registry& registry) : registry_(registry) {
    for (const char* name :
         {"helm_release_revision", "helm_release_updated", "helm_release_deployed_revision",
          "helm_release_revisions", "helm_release_first_deployed_timestamp_seconds",
          "helm_release_storage_bytes"}) {
      plain_.push_back(&family(name));
    }
  }

  void add(int i) {
    const Labels key = {{"name", "release-" + std::to_string(i)},
                        {"namespace", "namespace-" + std::to_string(i % 200)}};
    Labels all = key;
    all.insert({{"chart", "chart-" + std::to_string(i % 50)},
                {"chart_version", "1.2." + std::to_string(i % 30)},
                {"app_version", "4.5." + std::to_string(i % 20)},
                {"revision", "1"}});
    set(info_, all, 1, i);
    for (const char* word :
         {"deployed", "failed", "pending-install", "pending-rollback", "pending-upgrade"}) {
      Labels one = key;
      one["status"] = word;
      set(status_, one, word[0] == 'd' ? 1 : 0, i);
    }
    for (Family* each : plain_) set(*each, key, 1'700'000'000 + i, i);
  }
  void drop(int i) {
    for (const auto& [family, gauge] : series_[static_cast<std::size_t>(i)]) family->Remove(gauge);
  }
  int count() const { return static_cast<int>(series_.size()); }

 private:
  Family& family(const char* name) {
    return prometheus::BuildGauge().Name(name).Help(name).Register(registry_);
  }
  void set(Family& in, const Labels& labels, double value, int release) {
    prometheus::Gauge& gauge = in.Add(labels);
    gauge.Set(value);
    series_.resize(static_cast<std::size_t>(release) + 1);
    series_.back().emplace_back(&in, &gauge);
  }

  prometheus::Registry& registry_;
  Family& info_ = family("helm_release_info");
  Family& status_ = family("helm_release_status");
  std::vector<Family*> plain_;
  std::vector<std::vector<std::pair<Family*, prometheus::Gauge*>>> series_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto registry = std::make_shared<prometheus::Registry>();
  Releases releases(*registry);
  for (int i = 0; i < std::atoi(argv[1]); ++i) releases.add(i);
  prometheus::Exposer exposer("127.0.0.1:0");
  exposer.RegisterCollectable(registry);
  std::printf("127.0.0.1:%d\n", exposer.GetListeningPorts().front());
  std::fflush(stdout);
  int next = 0;
  for (std::string line; std::getline(std::cin, line);) {
    next = (next + 7919) % releases.count();
    const double begin = cpu_us();
    releases.drop(next);
    std::printf("%.2f 0\n", cpu_us() - begin);
    std::fflush(stdout);
  }
  return 0;
}
