#include <catch2/catch.hpp>

#include <future>

#include "src/repository/scan_deadline.hpp"
#include "test/repository/scan_fixture.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using lookout::testing::TemporaryFolder;

namespace {

constexpr std::chrono::seconds kGuard{20};
const std::string kHome = "https://charts.example:443";

RepositorySettings http_settings() {
  RepositorySettings settings;
  settings.name = "stable";
  settings.source =
      HttpSource{.url = http::parse_url("https://u:p@charts.example/stable?token=c4n4ry").value()};
  return settings;
}

fakes::ScriptedResponse silent() {
  auto response = answer(200, {}, {index_text()});
  response.end = fakes::ScriptEnd::kBlock;
  return response;
}

}  // namespace

TEST_CASE("scanner: each kind of source is read by its own reader") {
  const TemporaryFolder folder;
  ScanFixture f;
  RepositorySettings settings = http_settings();
  SECTION("http") {
    f.peers.at(kHome).add(index_answer());
  }
  SECTION("file") {
    settings.source = HttpSource{.file_path = folder.write("index.yaml", index_text())};
  }
  SECTION("s3") {
    S3Source source;
    source.location = {.bucket = "team", .key = "index.yaml", .endpoint = "http://minio:9000"};
    source.auth = S3Source::Auth::kAnonymous;
    settings.source = source;
    f.peers.at("http://minio:9000").add(index_answer());
  }
  Scanner scanner(settings, f.context());
  CHECK(data_of(scanner.scan({})).index.charts.at(0).name == "app");
  CHECK(scanner.settings() == settings);
}

TEST_CASE("HRE-2: scanner: stop ends a scan at once") {
  ScanFixture f;
  f.peers.at(kHome).add(silent());
  Scanner scanner(http_settings(), f.context());
  std::stop_source stop;
  auto outcome = std::async(std::launch::async, [&] { return scanner.scan(stop.get_token()); });
  REQUIRE(f.peers.at(kHome).wait_for_requests(1));
  const auto stopped_at = std::chrono::steady_clock::now();
  stop.request_stop();
  REQUIRE(outcome.wait_for(kGuard) == std::future_status::ready);
  CHECK(std::chrono::steady_clock::now() - stopped_at < std::chrono::seconds(1));
  CHECK(std::holds_alternative<Cancelled>(outcome.get()));
}

TEST_CASE("NOVA-2: scanner: the time-out ends a scan, and is said to have") {
  ScanFixture f;
  f.peers.at(kHome).add(silent());
  RepositorySettings settings = http_settings();
  settings.timeout = std::chrono::seconds(5);
  Scanner scanner(settings, f.context());
  auto outcome = std::async(std::launch::async, [&] { return scanner.scan({}); });
  REQUIRE(f.peers.at(kHome).wait_for_requests(1));
  f.clock.advance_to_next_sleep_end();
  REQUIRE(outcome.wait_for(kGuard) == std::future_status::ready);
  const ScanError error = error_of(outcome.get());
  CHECK(error.type == ScanErrorType::kTimeout);
  CHECK(error.message == "https://charts.example/stable: not finished within 5s");
  CHECK(f.peers.at(kHome).requests()[0].header_timeout == std::chrono::seconds(5));
}

TEST_CASE("scanner: the scan after one that timed out has its whole time") {
  ScanFixture f;
  f.peers.at(kHome).add(silent());
  f.peers.at(kHome).add(index_answer());
  Scanner scanner(http_settings(), f.context());
  auto outcome = std::async(std::launch::async, [&] { return scanner.scan({}); });
  f.clock.advance_to_next_sleep_end();
  error_of(outcome.get());
  data_of(scanner.scan({}));
}

TEST_CASE("scan deadline: a scan that ends in time leaves no sleeper") {
  kube::ManualClock clock;
  std::stop_token token;
  {
    const ScanDeadline deadline(clock, std::chrono::seconds(5), {});
    clock.wait_for_sleepers(1);
    CHECK(deadline.time() == clock.now() + std::chrono::seconds(5));
    token = deadline.token();
  }
  CHECK_FALSE(token.stop_requested());
}

TEST_CASE("HRE-8: settings: labels of the metrics, without credentials and query") {
  RepositorySettings settings = http_settings();
  CHECK(type_name(settings) == "http");
  CHECK(display_url(settings) == "https://charts.example/stable");
  settings.source = HttpSource{.file_path = "/mirror/charts"};
  CHECK(display_url(settings) == "file:///mirror/charts");
  settings.source = S3Source{.location = {.bucket = "team", .key = "charts/index.yaml"}};
  CHECK(type_name(settings) == "s3");
  CHECK(display_url(settings) == "s3://team/charts/index.yaml");
  settings.source = OciSource{.host = "ghcr.io", .path = "team/charts"};
  CHECK(type_name(settings) == "oci");
  CHECK(display_url(settings) == "oci://ghcr.io/team/charts");
}
