#include "src/cli/controller_command.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "lookout/base/clock.hpp"
#include "lookout/base/log.hpp"
#include "lookout/http/server.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/metrics/self_metrics.hpp"
#include "lookout/state/release_cache.hpp"
#include "lookout/state/release_join.hpp"
#include "lookout/web/routes.hpp"

#include "controllers/release_controller.hpp"
#include "src/cli/cluster.hpp"
#include "src/cli/config_reload.hpp"
#include "src/cli/main_loop.hpp"
#include "src/cli/release_options.hpp"
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

web::HealthReport health_report(controllers::ReleaseController& controller) {
  controllers::Readiness readiness = controller.readiness();
  web::HealthReport report{readiness.ready, std::move(readiness.reason), {}};
  for (auto& check : readiness.checks) {
    report.checks.push_back({std::move(check.name), check.ok, std::move(check.detail)});
  }
  return report;
}

}  // namespace

int run_controller(const Settings& settings, const std::string& config_file) {
  const SystemClock clock;
  log::info("starting", {{"version", version()}});
  auto client = connect_cluster(settings, clock);
  if (!client) return fail(kBadUsage, client.error());

  state::ReleaseCache cache(cache_options(settings));
  controllers::ReleaseController controller(**client, cache, clock, controller_options(settings));
  ConfigReload config(config_file);
  // Set once the servers run, whose stats it reads; the first scrapes may come before.
  std::unique_ptr<metrics::SelfMetrics> self;
  std::atomic<const metrics::SelfMetrics*> self_shown = nullptr;
  state::ReleaseJoin join(cache, nullptr);
  metrics::Exposition exposition(join, clock, {.series_max = settings.max_series},
                                 [&](metrics::TextFormat format) {
                                   const auto* shown = self_shown.load();
                                   return shown == nullptr ? "" : shown->render(format);
                                 });

  const auto readiness = [&] { return health_report(controller); };
  web::RouteSources sources;
  sources.metrics = [&](auto format, auto coding) { return exposition.scrape(format, coding); };
  sources.self_metrics = [&](auto format, auto coding) {
    return exposition.scrape_self(format, coding);
  };
  sources.readiness = readiness;
  sources.metrics_path = settings.metrics_path;
  sources.version = version();

  // Health on a thread of its own: a large scrape must not fail a liveness probe.
  auto health = http::Server::create("health", settings.health_probe_bind_addresses,
                                     web::create_health_handler(readiness));
  if (!health) return fail(kFailed, health.error());
  auto server = http::Server::create("metrics", settings.metrics_bind_addresses,
                                     web::create_metrics_handler(std::move(sources)));
  if (!server) return fail(kFailed, server.error());
  for (const std::string& address : (*server)->addresses()) {
    log::info("serving metrics", {{"address", address}});
  }
  for (const std::string& address : (*health)->addresses()) {
    log::info("serving health", {{"address", address}});
  }

  SelfParts parts{clock, cache, controller, **client, config, exposition, {}};
  parts.servers = {{"metrics", &(*server)->stats()}, {"health", &(*health)->stats()}};
  self = std::make_unique<metrics::SelfMetrics>(self_sources(parts));
  self_shown = self.get();

  controller.start();
  run_main_loop(ConfigReload::kPeriod, [&] { config.poll(clock.now()); });
  log::info("stopping");
  {
    // Side by side, so that their graces do not add up.
    const std::jthread metrics_end([&] { (*server)->stop(); });
    const std::jthread health_end([&] { (*health)->stop(); });
    controller.stop();
  }
  return 0;
}

}  // namespace lookout::cli
