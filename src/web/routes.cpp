#include "lookout/web/routes.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/base/check.hpp"

#include "src/web/api.hpp"
#include "src/web/assets.hpp"
#include "src/web/catalog.hpp"
#include "src/web/charts_page.hpp"
#include "src/web/health.hpp"
#include "src/web/index_page.hpp"
#include "src/web/query.hpp"
#include "src/web/security_headers.hpp"

namespace lookout::web {
namespace {

using http::ServerRequest;
using http::ServerResponse;

struct Route {
  Endpoint endpoint;
  http::Handler answer;
};
using Routes = std::vector<Route>;

std::vector<Endpoint> endpoints_of(const Routes& routes) {
  std::vector<Endpoint> endpoints;
  for (const Route& route : routes) endpoints.push_back(route.endpoint);
  return endpoints;
}

ServerResponse text_response(std::string_view media_type, std::string text) {
  ServerResponse response;
  response.headers.add("Content-Type", std::string(media_type) + "; charset=utf-8");
  response.body = http::BodyChain(std::move(text));
  return response;
}

ServerResponse not_found(const Routes& routes) {
  std::string text = "not found; there is\n";
  for (const Endpoint& endpoint : endpoints_of(routes)) {
    if (!endpoint.about.empty()) text += "  " + endpoint.path + "  " + endpoint.about + "\n";
  }
  ServerResponse response = text_response("text/plain", std::move(text));
  response.status = 404;
  return response;
}

constexpr std::string_view kPolicyWithIcons =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src https: data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

http::Handler serve(Routes routes) {
  return
      [routes = std::make_shared<const Routes>(std::move(routes))](const ServerRequest& request) {
        const auto route = std::find_if(routes->begin(), routes->end(), [&request](const Route& r) {
          return r.endpoint.path == request.path;
        });
        return secured(route == routes->end() ? not_found(*routes) : route->answer(request));
      };
}

http::Handler scrape(RouteSources::Scrape source) {
  return [source = std::move(source)](const ServerRequest& request) {
    const auto format = metrics::negotiate_format(request.headers.find("Accept"));
    const auto coding = metrics::negotiate_coding(request.headers.find("Accept-Encoding"));
    ServerResponse response;
    response.headers.add("Content-Type", std::string(metrics::content_type(format)));
    response.headers.add("Vary", "Accept, Accept-Encoding");
    if (coding == metrics::ContentCoding::kGzip) response.headers.add("Content-Encoding", "gzip");
    response.body = source(format, coding);
    return response;
  };
}

// What may be said to anyone. The checks stay, for ?verbose, which a gate keeps to itself.
std::function<HealthReport()> without_reason(std::function<HealthReport()> source) {
  return [source = std::move(source)] {
    HealthReport report = source();
    report.reason.clear();
    return report;
  };
}

http::Handler health(std::string endpoint, std::function<HealthReport()> source) {
  return
      [endpoint = std::move(endpoint), source = std::move(source)](const ServerRequest& request) {
        return health_response(endpoint, source(), request.query);
      };
}

// Answering at all is the whole check: nothing outside the process may end it.
HealthReport liveness() {
  return {true, "", {{"ping", true, ""}}};
}

Routes health_routes(const std::function<HealthReport()>& readiness) {
  LOOKOUT_CHECK(readiness != nullptr);
  return {
      {{"/livez", "200 while the process runs"}, health("livez", liveness)},
      {{"/readyz", "200 once every release was read, else 503 and why (?verbose)"},
       health("readyz", readiness)},
      {{"/healthz", "the same as /livez"}, health("healthz", liveness)},
      {{"/health", ""}, health("health", liveness)},
      {{"/ready", ""}, health("ready", readiness)},
  };
}

// From a page at `path` to "/".
std::string way_to_root(std::string_view path) {
  std::string way = "./";
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (path[i] == '/') way += "../";
  }
  return way;
}

Route asset_route(std::string path, std::string_view media_type, std::string_view text) {
  return {{std::move(path), ""}, [media_type, text](const ServerRequest&) {
            return text_response(media_type, std::string(text));
          }};
}

ServerResponse plain_error(int status, std::string message) {
  ServerResponse response = text_response("text/plain", std::move(message) + "\n");
  response.status = status;
  return response;
}

ServerResponse answer_charts(const CatalogSources& sources, const ServerRequest& request,
                             const std::string& root) {
  const auto parameters = parse_query(request.query);
  if (!parameters) return plain_error(400, parameters.error().message);
  const auto chart = find_parameter(*parameters, "chart");
  const auto repository = find_parameter(*parameters, "repository");
  const Catalog catalog = look(sources);
  const auto page = chart ? chart_page(catalog, {repository.value_or(""), *chart}, root)
                          : charts_page(catalog, root);
  if (!page) return plain_error(404, "no such chart");
  ServerResponse response = text_response("text/html", *page);
  if (sources.chart_icons) {
    response.headers.add("Content-Security-Policy", std::string(kPolicyWithIcons));
  }
  return response;
}

Route charts_route(const RouteSources& sources) {
  return {{sources.charts_path, "chart repositories, their charts and who runs them"},
          [catalog = sources.catalog, root = way_to_root(sources.charts_path)](
              const ServerRequest& request) { return answer_charts(catalog, request, root); }};
}

using Listing = Result<std::string> (*)(const CatalogSources&, std::string_view query);

Route api_route(std::string path, std::string about, CatalogSources sources, Listing list) {
  return {{std::move(path), std::move(about)},
          [sources = std::move(sources), list](const ServerRequest& request) {
            auto json = list(sources, request.query);
            if (!json) return plain_error(400, json.error().message);
            return text_response("application/json", std::move(*json));
          }};
}

void add_catalog_routes(const RouteSources& sources, Routes& routes) {
  const CatalogSources& catalog = sources.catalog;
  if (catalog.repositories && !sources.charts_path.empty()) {
    routes.push_back(charts_route(sources));
    routes.push_back(asset_route("/charts.js", "text/javascript", charts_script()));
  }
  if (catalog.releases) {
    routes.push_back(api_route("/api/v1/releases", "releases as JSON", catalog, releases_json));
  }
  if (catalog.repositories) {
    routes.push_back(
        api_route("/api/v1/repositories", "repositories as JSON", catalog, repositories_json));
    routes.push_back(api_route("/api/v1/charts", "charts as JSON", catalog, charts_json));
  }
}

Route index_route(const RouteSources& sources, std::vector<Endpoint> endpoints) {
  return {{"/", "this page"},
          [readiness = sources.readiness, version = sources.version,
           endpoints = std::move(endpoints)](const ServerRequest&) {
            return text_response("text/html", index_page(version, readiness(), endpoints));
          }};
}

}  // namespace

http::Handler create_metrics_handler(RouteSources sources) {
  LOOKOUT_CHECK(sources.metrics != nullptr && sources.self_metrics != nullptr);
  Routes routes = {
      {{sources.metrics_path, "all metrics"}, scrape(sources.metrics)},
      {{"/metrics/self", "the controller's own metrics alone"}, scrape(sources.self_metrics)},
  };
  const auto readiness = sources.gated ? without_reason(sources.readiness) : sources.readiness;
  for (Route& route : health_routes(readiness)) routes.push_back(std::move(route));
  routes.push_back(asset_route("/style.css", "text/css", style_sheet()));
  add_catalog_routes(sources, routes);
  routes.push_back(index_route(sources, endpoints_of(routes)));
  return serve(std::move(routes));
}

http::Handler create_health_handler(const std::function<HealthReport()>& readiness) {
  return serve(health_routes(readiness));
}

}  // namespace lookout::web
