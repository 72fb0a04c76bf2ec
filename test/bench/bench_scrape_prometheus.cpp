// bench_scrape_prometheus RELEASES: the same series as bench_scrape through prometheus-cpp's
// registry and Exposer, the way its README shows. Prints the address; ends with its input.
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace {

using Labels = std::map<std::string, std::string>;

void fill(prometheus::Registry& registry, int count) {
  const auto family = [&](const char* name) -> prometheus::Family<prometheus::Gauge>& {
    return prometheus::BuildGauge().Name(name).Help(name).Register(registry);
  };
  auto& info = family("helm_release_info");
  auto& status = family("helm_release_status");
  prometheus::Family<prometheus::Gauge>* const plain[] = {
      &family("helm_release_revision"),
      &family("helm_release_updated"),
      &family("helm_release_deployed_revision"),
      &family("helm_release_revisions"),
      &family("helm_release_first_deployed_timestamp_seconds"),
      &family("helm_release_storage_bytes")};
  for (int i = 0; i < count; ++i) {
    const Labels key = {{"name", "release-" + std::to_string(i)},
                        {"namespace", "namespace-" + std::to_string(i % 200)}};
    Labels all = key;
    all.insert({{"chart", "chart-" + std::to_string(i % 50)},
                {"chart_version", "1.2." + std::to_string(i % 30)},
                {"app_version", "4.5." + std::to_string(i % 20)},
                {"revision", "1"}});
    info.Add(all).Set(1);
    for (const char* word :
         {"deployed", "failed", "pending-install", "pending-rollback", "pending-upgrade"}) {
      Labels one = key;
      one["status"] = word;
      status.Add(one).Set(word[0] == 'd' ? 1 : 0);
    }
    for (auto* each : plain) each->Add(key).Set(1'700'000'000 + i);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto registry = std::make_shared<prometheus::Registry>();
  fill(*registry, std::atoi(argv[1]));
  prometheus::Exposer exposer("127.0.0.1:0");
  exposer.RegisterCollectable(registry);
  std::printf("127.0.0.1:%d\n", exposer.GetListeningPorts().front());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) std::puts("ok");
  return 0;
}
