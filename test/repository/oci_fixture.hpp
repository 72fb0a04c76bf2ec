// A registry, its settings and one reader of it.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "src/repository/oci_source.hpp"
#include "test/repository/fake_registry.hpp"

namespace lookout::repository {

struct OciFixture {
  FakeRegistry registry;
  kube::ManualClock clock;
  ScanStats stats;
  aws::Environment environment;
  RepositorySettings settings;
  std::unique_ptr<ScanContext> context;
  std::unique_ptr<OciSourceReader> reader;

  OciFixture() {
    settings.name = "reg";
    OciSource source;
    source.host = "reg.example";
    source.path = "team/app";
    settings.source = source;
  }

  OciSource& source() { return std::get<OciSource>(settings.source); }

  // The first call makes the reader; settings do not change any more then.
  ScanOutcome scan(std::stop_token stop = {}) {
    if (!reader) {
      context =
          std::make_unique<ScanContext>(ScanContext{registry.factory(), clock, environment, stats});
      reader = std::make_unique<OciSourceReader>(settings, *context);
    }
    return reader->scan(std::move(stop), clock.now() + std::chrono::seconds(30));
  }
};

// "app 2.0.0+b" of each version of each chart.
inline std::vector<std::string> versions_of(const ScanData& data) {
  std::vector<std::string> all;
  for (const helm::IndexedChart& chart : data.index.charts) {
    for (const helm::ChartVersion& version : chart.versions) {
      all.push_back(chart.name + " " + version.text);
    }
  }
  return all;
}

}  // namespace lookout::repository
