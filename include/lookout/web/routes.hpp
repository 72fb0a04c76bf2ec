// What the program answers over HTTP: metrics, health, and a page that lists them.
//
//   PATH (metrics_path)  the exposition; format by Accept, gzip by Accept-Encoding
//   /metrics/self        the controller's own metrics alone
//   /livez /healthz /health   200 "ok" while the process runs
//   /readyz /ready       200 "ok", or 503 with the reason (behind a gate: without)
//   PATH (charts_path)   repositories, charts and the releases that run them;
//                        ?repository=R&chart=C: one chart with all its versions
//   /api/v1/releases /api/v1/repositories /api/v1/charts   the same as JSON, to be filtered,
//                        sorted and paged by the query (src/web/api_table.hpp)
//   /                    a page with relative links (works behind kubectl port-forward)
// ?verbose on a health endpoint lists each check as kube-apiserver does. /health and
// /ready are the names that Helm S3 Exporter uses. Everything else is a 404 that
// lists the endpoints. Every response forbids caching, sniffing, framing and
// any script but ours.
#pragma once

#include <functional>
#include <string>

#include "lookout/http/server.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/web/catalog.hpp"
#include "lookout/web/health.hpp"

namespace lookout::web {

// Called on the servers' threads, possibly from two at once. Each but `catalog` must be set.
struct RouteSources {
  using Scrape = std::function<http::BodyChain(metrics::TextFormat, metrics::ContentCoding)>;

  Scrape metrics;
  Scrape self_metrics;
  std::function<HealthReport()> readiness;
  CatalogSources catalog;
  std::string metrics_path = "/metrics";
  std::string charts_path = "/charts";  // "": no such page
  std::string version;                  // of the program, for the page
  bool gated = false;  // the health endpoints are open, the rest is not: they give no reasons
};

// For the metrics addresses: everything.
http::Handler create_metrics_handler(RouteSources sources);

// For the health address: the health endpoints alone; needs `readiness` alone.
http::Handler create_health_handler(const std::function<HealthReport()>& readiness);

}  // namespace lookout::web
