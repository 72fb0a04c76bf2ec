#include <catch2/catch.hpp>

#include <atomic>

#include "controllers/repository_scanner.hpp"
#include "test/kube/manual_clock.hpp"
#include "test/metrics/metrics_fixture.hpp"
#include "test/state/repository_fixture.hpp"

using namespace lookout;
using namespace std::chrono_literals;
using metrics::test::count_of;

TEST_CASE("HEX-5: scrapes ask no repository, however many releases it speaks for") {
  constexpr int kReleases = 300;
  kube::ManualClock clock;
  metrics::test::ExpositionFixture f;
  std::atomic<int> scans{0};
  controllers::RepositoryScanner scanner(
      f.repositories, clock, [&](const repository::RepositorySettings&) {
        return [&](std::stop_token) {
          ++scans;
          return repository::ScanOutcome(repository::ScanData{state::test::web({"2.0.0"}), 100});
        };
      });
  repository::RepositorySettings settings;
  settings.name = "own";
  settings.source = repository::HttpSource{*http::parse_url("https://charts.example"), "", {}};
  scanner.set_repositories({settings});
  clock.wait_for_sleepers(1);
  for (unsigned i = 0; i < kReleases; ++i) {
    f.install({.release = "foo-" + std::to_string(i), .uid_number = i + 1});
  }
  for (int scrape = 0; scrape < 30; ++scrape) {
    REQUIRE(count_of(f.text(), "\nhelm_release_outdated{") == kReleases);
  }
  CHECK(scans == 1);
}
