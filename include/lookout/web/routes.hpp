// What the program answers over HTTP: metrics, health, and a page that lists them.
//
//   PATH (metrics_path)  the exposition; format by Accept, gzip by Accept-Encoding
//   /metrics/self        the controller's own metrics alone
//   /livez /healthz /health   200 "ok" while the process runs
//   /readyz /ready       200 "ok", or 503 with the reason
//   PATH (charts_path)   repositories and their charts; ?repository=R&chart=C: its versions
//   /                    a page with relative links (works behind kubectl port-forward)
// ?verbose on a health endpoint lists each check as kube-apiserver does. /health and
// /ready are the names that Helm S3 Exporter uses. Everything else is a 404 that
// lists the endpoints. Every response forbids caching, sniffing, framing and
// any script but ours.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lookout/http/server.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/state/repository.hpp"
#include "lookout/web/health.hpp"

namespace lookout::web {

// Called on the servers' threads, possibly from two at once. Each but `repositories` must be set.
struct RouteSources {
  using Scrape = std::function<http::BodyChain(metrics::TextFormat, metrics::ContentCoding)>;

  Scrape metrics;
  Scrape self_metrics;
  std::function<HealthReport()> readiness;
  std::function<std::shared_ptr<const state::RepositorySnapshot>()> repositories;  // null: no page
  std::string metrics_path = "/metrics";
  std::string charts_path = "/charts";
  std::string version;  // of the program, for the page
};

// For the metrics addresses: everything.
http::Handler create_metrics_handler(RouteSources sources);

// For the health address: the health endpoints alone; needs `readiness` alone.
http::Handler create_health_handler(const std::function<HealthReport()>& readiness);

}  // namespace lookout::web
