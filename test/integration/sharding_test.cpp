// All shards together show what one process does: real controllers on the fake API server, each
// with its own cache, join and exposition, as processes have them.
#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lookout/base/text.hpp"
#include "lookout/http/cluster_transport.hpp"
#include "lookout/metrics/exposition.hpp"

#include "controllers/release_controller.hpp"
#include "test/fakes/fake_api_server.hpp"
#include "test/fakes/sample_cluster.hpp"
#include "test/metrics/metrics_fixture.hpp"
#include "test/state/repository_fixture.hpp"

using namespace lookout;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kNow = 1'750'000'000;
constexpr std::size_t kNamespaces = 24;

std::unique_ptr<fakes::FakeApiServer> full_server() {
  auto server = fakes::FakeApiServer::start().value();
  fakes::SampleOptions samples;
  samples.releases = 72;
  samples.namespaces = kNamespaces;
  samples.share_payloads = true;  // what they hold is not the point
  fakes::SampleCluster(server->store(), samples).fill(kNow);
  fakes::ReleaseSpec broken;
  broken.name = "broken";
  server->store().put(fakes::release_object(broken));  // without payload
  return server;
}

std::unique_ptr<kube::ApiClient> connect(const fakes::FakeApiServer& server, const Clock& clock) {
  kube::ClusterConfig config;
  config.server = http::parse_url(server.origin()).value();
  return kube::ApiClient::create(config, http::create_cluster_transport, clock).value();
}

// Charts that the releases run, none in the newest version.
std::unique_ptr<state::RepositoryCache> scanned() {
  std::vector<helm::IndexedChart> charts;
  for (const fakes::ChartSample& sample : fakes::chart_samples()) {
    charts.push_back(state::test::chart(std::string(sample.name), {"99.0.0", "0.0.1"}));
  }
  std::sort(charts.begin(), charts.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  std::vector<helm::ChartIndex> indexes;
  indexes.push_back(state::test::index(std::move(charts)));
  return state::test::repositories(std::move(indexes));
}

// The sample lines of /metrics of one process, read to the end; none twice.
std::multiset<std::string> lines_of(const fakes::FakeApiServer& server,
                                    const state::RepositoryCache& repositories,
                                    const controllers::ReleaseControllerOptions& options) {
  const SystemClock clock;
  const auto client = connect(server, clock);
  state::ReleaseCacheOptions cached;
  cached.stream_namespaces = options.stream_namespaces();
  cached.publish_delay = Duration(0);
  state::ReleaseCache cache(cached);
  controllers::ReleaseController controller(*client, cache, clock, options);
  controller.start();
  const MonoTime deadline = clock.now() + 20s;
  while (!controller.readiness().ready && clock.now() < deadline) clock.sleep(2ms, {});
  REQUIRE(controller.readiness().ready);
  REQUIRE(cache.wanted_payloads() == 0);
  controller.stop();

  state::ReleaseJoin join(cache, &repositories);
  metrics::ExpositionOptions shown;
  shown.repository_families = options.shard == 0;
  metrics::Exposition exposition(join, clock, shown, {});
  const std::string text = metrics::test::text_of(
      exposition.scrape(metrics::TextFormat::kText004, metrics::ContentCoding::kIdentity));
  std::multiset<std::string> lines;
  for (const std::string_view line : split(text, '\n')) {
    if (!line.empty() && !line.starts_with('#')) lines.emplace(line);
  }
  return lines;
}

bool shows(const std::multiset<std::string>& lines, std::string_view family) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.starts_with(family); });
}

std::multiset<std::string> lines_of_all(const fakes::FakeApiServer& server,
                                        const state::RepositoryCache& repositories,
                                        controllers::ReleaseControllerOptions options,
                                        std::uint32_t total) {
  std::multiset<std::string> together;
  options.total_shards = total;
  for (options.shard = 0; options.shard < total; ++options.shard) {
    const auto lines = lines_of(server, repositories, options);
    together.insert(lines.begin(), lines.end());
  }
  return together;
}

std::vector<std::string> some_namespaces(const fakes::FakeApiServer& server,
                                         const state::RepositoryCache& repositories) {
  std::set<std::string> names;
  for (const std::string& line : lines_of(server, repositories, {})) {
    constexpr std::string_view kErrors = "helm_release_errors{namespace=\"";
    if (line.starts_with(kErrors)) {
      names.insert(line.substr(kErrors.size(), line.rfind('"') - kErrors.size()));
    }
  }
  REQUIRE(names.size() > 4);
  names.erase(names.begin());  // one that is left out
  return {names.begin(), names.end()};
}

}  // namespace

TEST_CASE("shards: all together show what one process does, each line once") {
  const auto server = full_server();
  const auto repositories = scanned();
  for (const bool by_namespace : {false, true}) {
    controllers::ReleaseControllerOptions options;
    if (by_namespace) options.namespaces = some_namespaces(*server, *repositories);
    const auto whole = lines_of(*server, *repositories, options);
    REQUIRE(whole.size() > 500);
    for (const char* family : {"helm_release_chart_missing{", "helm_release_undecodable{",
                               "helm_release_errors{", "helm_repository_up{"}) {
      CAPTURE(family);
      REQUIRE(shows(whole, family));
    }
    for (const std::uint32_t total : {2U, 5U}) {
      CAPTURE(by_namespace, total);
      CHECK(lines_of_all(*server, *repositories, options, total) == whole);
    }
  }
}

TEST_CASE("shards: with --namespaces a shard asks for its own alone, and may have none") {
  const auto server = full_server();
  const auto repositories = scanned();
  controllers::ReleaseControllerOptions options;
  options.namespaces = {"team-a"};
  options.total_shards = 2;
  const std::uint32_t owner = controllers::ReleaseFilter({}, 0, 2).wants("team-a") ? 0 : 1;
  options.shard = 1 - owner;
  CHECK(options.stream_namespaces().empty());
  const auto lines = lines_of(*server, *repositories, options);  // ready all the same
  CHECK(server->log().all().empty());
  CHECK_FALSE(shows(lines, "helm_release_"));
  options.shard = owner;
  CHECK(options.stream_namespaces() == std::vector<std::string>{"team-a"});
}
