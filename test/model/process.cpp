#include "test/model/process.hpp"

#include <utility>

#include "lookout/http/cluster_transport.hpp"
#include "lookout/http/cpprest_transport.hpp"
#include "lookout/metrics/self_metrics.hpp"
#include "lookout/state/release_join.hpp"

#include "src/cli/release_options.hpp"
#include "src/cli/self_sources.hpp"
#include "test/metrics/metrics_fixture.hpp"

namespace lookout::model {
namespace {

kube::ApiClient::TransportFactory fast_transports(int speed) {
  static const bool started = (http::start_cpprest_io(2), true);
  static_cast<void>(started);
  return
      [speed](const http::TransportOptions& options) -> Result<std::unique_ptr<http::Transport>> {
        auto made = http::create_cluster_transport(options);
        if (!made) return made.error();
        return integration::fast_transport(std::move(made).value(), speed);
      };
}

cli::ReleaseWatch create_watch(const cli::Settings& settings, const std::string& origin,
                               const Clock& clock, int speed, state::ReleaseCache& cache) {
  kube::ClusterConfig cluster;
  cluster.server = http::parse_url(origin).value();
  cli::ReleaseWatch out;
  out.client = kube::ApiClient::create(cluster, fast_transports(speed), clock).value();
  out.controller = std::make_unique<controllers::ReleaseController>(
      *out.client, cache, clock, cli::controller_options(settings));
  return out;
}

}  // namespace

struct Process::State {
  State(const cli::Settings& settings, const std::string& origin, const Clock& clock, int speed)
      : cache(cli::cache_options(settings)),
        releases(create_watch(settings, origin, clock, speed, cache)),
        repositories(clock),
        config({}, [](const cli::Settings&) {}),
        security(cli::EndpointSecurity::create(settings, releases.client.get(), clock).value()),
        join(cache, &repositories.cache()),
        exposition(join, clock, cli::exposition_options(settings),
                   [this](metrics::TextFormat format) { return self.render(format); }),
        self(cli::self_sources(
            {clock, cache, releases, repositories, config, exposition, *security, {}})) {}

  state::ReleaseCache cache;
  cli::ReleaseWatch releases;
  cli::RepositoryScans repositories;
  cli::ConfigReload config;
  std::unique_ptr<cli::EndpointSecurity> security;
  state::ReleaseJoin join;
  metrics::Exposition exposition;
  metrics::SelfMetrics self;
};

Process::Process(const cli::Settings& settings, const std::string& origin,
                 const integration::FastClock& clock, int speed)
    : state_(std::make_unique<State>(settings, origin, clock, speed)) {
  state_->releases.controller->start();
}

Process::~Process() {
  state_->releases.controller->stop();
}

std::string Process::scrape(metrics::TextFormat format, metrics::ContentCoding coding) {
  const std::string body = metrics::test::text_of(state_->exposition.scrape(format, coding));
  return coding == metrics::ContentCoding::kGzip ? metrics::test::gunzip(body) : body;
}

}  // namespace lookout::model
