#include "src/cli/controller_command.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "lookout/base/clock.hpp"
#include "lookout/base/log.hpp"
#include "lookout/http/beast_transport.hpp"
#include "lookout/http/server.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/metrics/self_metrics.hpp"
#include "lookout/state/release_cache.hpp"
#include "lookout/state/release_join.hpp"
#include "lookout/web/routes.hpp"

#include "controllers/repository_readiness.hpp"
#include "src/cli/config_reload.hpp"
#include "src/cli/endpoint_security.hpp"
#include "src/cli/health_report.hpp"
#include "src/cli/main_loop.hpp"
#include "src/cli/release_options.hpp"
#include "src/cli/release_watch.hpp"
#include "src/cli/repository_scans.hpp"
#include "src/cli/self_sources.hpp"
#include "src/cli/version.hpp"

namespace lookout::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

int fail(int exit_code, const Error& error) {
  log::error("cannot start", {{"error", error}});
  return exit_code;
}

web::RouteSources page_sources(const Settings& settings) {
  web::RouteSources routes;
  routes.metrics_path = settings.metrics_path;
  routes.charts_path = settings.charts_page ? settings.charts_path : "";
  routes.catalog.chart_icons = settings.charts_icons;
  routes.version = version();
  return routes;
}

void log_addresses(std::string_view message, const http::Server& server) {
  for (const std::string& address : server.addresses()) log::info(message, {{"address", address}});
}

struct Servers {
  std::unique_ptr<http::Server> health;
  std::unique_ptr<http::Server> metrics;
};

Result<Servers> start_servers(const Settings& settings, web::RouteSources routes,
                              http::ServerOptions options) {
  // Health on a thread of its own: a large scrape must not fail a liveness probe.
  auto health = http::Server::create("health", settings.health_probe_bind_addresses,
                                     web::create_health_handler(routes.readiness));
  if (!health) return health.error();
  routes.gated = options.gate != nullptr;
  auto server =
      http::Server::create("metrics", settings.metrics_bind_addresses,
                           web::create_metrics_handler(std::move(routes)), std::move(options));
  if (!server) return server.error();
  log_addresses("serving metrics", **server);
  log_addresses("serving health", **health);
  return Servers{std::move(*health), std::move(*server)};
}

}  // namespace

int run_controller(const Settings& settings, const SettingsSources& sources) {
  const SystemClock clock;
  log::info("starting", {{"version", version()}});
  state::ReleaseCache cache(cache_options(settings));
  auto releases = create_release_watch(settings, cache, clock);
  if (!releases) return fail(kBadUsage, releases.error());
  auto security = EndpointSecurity::create(settings, releases->client.get(), clock);
  if (!security) return fail(kBadUsage, security.error());
  RepositoryScans repositories(clock);
  state::ReleaseJoin join(cache, &repositories.cache());
  join.set_pins(settings.pins);
  ConfigReload config(sources, [&](const Settings& changed) {
    join.set_pins(changed.pins);
    repositories.apply(changed);
  });
  // Before anyone can ask /readyz about them.
  repositories.apply(settings);
  // Set once the servers run, whose stats it reads; the first scrapes may come before.
  std::unique_ptr<metrics::SelfMetrics> self;
  std::atomic<const metrics::SelfMetrics*> self_shown = nullptr;
  metrics::Exposition exposition(join, clock, exposition_options(settings),
                                 [&](metrics::TextFormat format) {
                                   const auto* shown = self_shown.load();
                                   return shown == nullptr ? "" : shown->render(format);
                                 });

  web::RouteSources routes = page_sources(settings);
  routes.readiness = [&] {
    return health_report(releases->readiness(),
                         controllers::judge_repositories(*repositories.cache().snapshot()),
                         settings.releases);
  };
  routes.metrics = [&](auto format, auto coding) { return exposition.scrape(format, coding); };
  routes.self_metrics = [&](auto format, auto coding) {
    return exposition.scrape_self(format, coding);
  };
  routes.catalog.repositories = [&] { return repositories.cache().snapshot(); };
  routes.catalog.matcher = [&] { return join.matcher(); };
  if (releases->controller) routes.catalog.releases = [&] { return cache.snapshot(clock.now()); };

  auto servers = start_servers(settings, std::move(routes), (*security)->server_options());
  if (!servers) {
    // A certificate that cannot be read or used is a wrong setting, a port in use is not.
    const bool in_use = servers.error().code == ErrorCode::kUnavailable;
    return fail(in_use ? kFailed : kBadUsage, servers.error());
  }

  SelfParts parts{clock, cache, *releases, repositories, config, exposition, **security, {}};
  parts.servers = {{"metrics", &servers->metrics->stats()}, {"health", &servers->health->stats()}};
  self = std::make_unique<metrics::SelfMetrics>(self_sources(parts));
  self_shown = self.get();

  if (releases->controller) releases->controller->start();
  run_main_loop(ConfigReload::kPeriod, [&] {
    config.poll(clock.now());
    (*security)->poll();
    http::close_idle_connections();
  });
  log::info("stopping");
  {
    // Side by side, so that their graces do not add up.
    const std::jthread security_end([&] { (*security)->stop(); });
    const std::jthread metrics_end([&] { servers->metrics->stop(); });
    const std::jthread health_end([&] { servers->health->stop(); });
    const std::jthread repositories_end([&] { repositories.stop(); });
    if (releases->controller) releases->controller->stop();
  }
  return 0;
}

}  // namespace lookout::cli
