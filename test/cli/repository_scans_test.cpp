#include "src/cli/repository_scans.hpp"

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <future>

#include "lookout/http/server.hpp"

#include "src/cli/release_watch.hpp"
#include "test/fakes/raw_server.hpp"
#include "test/fakes/sample_repository.hpp"

using namespace lookout;
using namespace lookout::cli;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kNow = 1'750'000'000;

repository::RepositorySettings http_repository(const std::string& name, const std::string& url) {
  repository::RepositorySettings out;
  out.name = name;
  out.source = repository::HttpSource{*http::parse_url(url), "", {}};
  return out;
}

repository::RepositorySettings bucket(const std::string& endpoint) {
  repository::S3Source source;
  source.location.bucket = fakes::kTeamBucket;
  source.location.key = "index.yaml";
  source.location.endpoint = endpoint;
  source.auth = repository::S3Source::Auth::kAnonymous;
  repository::RepositorySettings out;
  out.name = "team";
  out.source = source;
  return out;
}

// Waits until each repository was tried; ten seconds at most.
state::RepositorySnapshot tried(const RepositoryScans& scans, const Clock& clock) {
  const MonoTime start = clock.now();
  for (;;) {
    const auto snapshot = scans.cache().snapshot();
    const bool all = std::all_of(snapshot->begin(), snapshot->end(),
                                 [](const auto& one) { return one->last_attempt.has_value(); });
    if (all || clock.now() - start > 10s) return *snapshot;
    clock.sleep(1ms, {});
  }
}

}  // namespace

TEST_CASE("repository scans: HTTP and S3 are read, what cannot be reached says so") {
  const auto server = http::Server::create("charts", {"127.0.0.1:0"},
                                           fakes::sample_repositories([] { return kNow; }));
  REQUIRE(server.ok());
  const std::string origin = "http://" + (*server)->addresses().front();
  const SystemClock clock;
  RepositoryScans scans(clock);
  Settings settings;
  settings.repositories = {http_repository("stable", origin + "/stable"), bucket(origin),
                           http_repository("gone", origin + "/gone")};
  scans.apply(settings);
  auto repositories = tried(scans, clock);
  REQUIRE(repositories.size() == 3);
  CHECK(repositories[0]->up);
  REQUIRE(repositories[0]->data);
  CHECK(repositories[0]->data->index.charts.size() == 6);
  CHECK(repositories[1]->up);
  CHECK(repositories[1]->type == "s3");
  CHECK_FALSE(repositories[2]->up);
  CHECK(repositories[2]->last_error_type == "not_found");
  CHECK(scans.stats().s3_requests.snapshot() ==
        std::map<LabelledCounter::Labels, std::uint64_t>{{{"200", "GetObject"}, 1}});

  settings.repositories.erase(settings.repositories.begin() + 1);
  scans.apply(settings);
  repositories = tried(scans, clock);
  REQUIRE(repositories.size() == 2);
  CHECK(repositories[0]->stats->success.value() == 1);  // undisturbed
}

TEST_CASE("HRE-2: a repository that never answers is left within a second") {
  std::promise<void> asked;
  const fakes::RawServer silent([&asked](fakes::RawConnection& connection) {
    connection.read_head();
    asked.set_value();
    connection.wait_until_closed();
  });
  const SystemClock clock;
  RepositoryScans scans(clock);
  Settings settings;
  settings.repositories = {http_repository("silent", silent.url())};
  scans.apply(settings);
  REQUIRE(asked.get_future().wait_for(10s) == std::future_status::ready);
  const MonoTime start = clock.now();
  scans.stop();
  CHECK(clock.now() - start < 1s);
  CHECK_FALSE(scans.cache().snapshot()->front()->last_attempt);
}

TEST_CASE("release watch: none without a cluster, as far as --releases allows") {
  const SystemClock clock;
  state::ReleaseCache cache;
  Settings settings;
  settings.kubeconfig = "/nonexistent/kubeconfig";
  CHECK(create_release_watch(settings, cache, clock).error().code == ErrorCode::kInvalid);
  settings.releases = ReleasesMode::kAuto;
  CHECK_FALSE(create_release_watch(settings, cache, clock).ok());  // nothing to show at all
  settings.repositories = {http_repository("a", "http://127.0.0.1:1")};
  auto none = create_release_watch(settings, cache, clock);
  REQUIRE(none.ok());
  CHECK(none->controller == nullptr);
  CHECK_FALSE(none->readiness());
  settings.releases = ReleasesMode::kOff;
  CHECK(create_release_watch(settings, cache, clock)->client == nullptr);
}
