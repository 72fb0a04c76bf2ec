#include "lookout/web/routes.hpp"

#include <catch2/catch.hpp>

#include "test/web/catalog_fixture.hpp"

using namespace lookout;
using namespace lookout::web;
using Catch::Matchers::Contains;

namespace {

struct Fetched {
  int status = 0;
  http::Headers headers;
  std::string body;

  std::string header(std::string_view name) const {
    const std::string* const value = headers.find(name);
    return value == nullptr ? "" : *value;
  }
};

Fetched fetch(const http::Handler& handler, std::string path, http::Headers headers = {}) {
  const http::ServerResponse response =
      handler({http::Method::kGet, std::move(path), "", std::move(headers)});
  Fetched fetched{response.status, response.headers, ""};
  for (const auto& piece : response.body.pieces()) fetched.body += *piece;
  return fetched;
}

// Says what it was asked for.
RouteSources::Scrape scrape_named(std::string name) {
  return [name = std::move(name)](metrics::TextFormat format, metrics::ContentCoding coding) {
    return http::BodyChain(
        name + (format == metrics::TextFormat::kOpenMetrics100 ? " openmetrics" : " text") +
        (coding == metrics::ContentCoding::kGzip ? " gzip" : " plain"));
  };
}

RouteSources sources(HealthReport report = {true, "", {}}) {
  RouteSources made;
  made.metrics = scrape_named("all");
  made.self_metrics = scrape_named("self");
  made.readiness = [report] { return report; };
  made.version = "1.2.3";
  return made;
}

}  // namespace

TEST_CASE("routes: metrics in the format and coding asked for", "[web]") {
  const http::Handler handler = create_metrics_handler(sources());
  const Fetched plain = fetch(handler, "/metrics");
  CHECK(plain.status == 200);
  CHECK(plain.body == "all text plain");
  CHECK(plain.header("Content-Type") == metrics::content_type(metrics::TextFormat::kText004));
  CHECK(plain.header("Content-Encoding").empty());
  CHECK(plain.header("Vary") == "Accept, Accept-Encoding");

  const Fetched other = fetch(
      handler, "/metrics/self",
      {{"Accept", "application/openmetrics-text;version=1.0.0"}, {"Accept-Encoding", "gzip"}});
  CHECK(other.body == "self openmetrics gzip");
  CHECK(other.header("Content-Type") ==
        metrics::content_type(metrics::TextFormat::kOpenMetrics100));
  CHECK(other.header("Content-Encoding") == "gzip");
}

TEST_CASE("routes: the metrics path is a setting", "[web]") {
  RouteSources custom = sources();
  custom.metrics_path = "/custom";
  const http::Handler handler = create_metrics_handler(custom);
  CHECK(fetch(handler, "/custom").body == "all text plain");
  CHECK(fetch(handler, "/metrics").status == 404);
  CHECK(fetch(handler, "/metrics/self").status == 200);
  CHECK_THAT(fetch(handler, "/").body, Contains("./custom"));
}

TEST_CASE("routes: readiness endpoints follow the report, liveness does not", "[web]") {
  const HealthReport waiting{false, "not yet listed", {}};
  const auto [path, status] = GENERATE(table<std::string, int>({
      {"/readyz", 503},
      {"/ready", 503},
      {"/livez", 200},
      {"/healthz", 200},
      {"/health", 200},
  }));
  const http::Handler both[] = {create_metrics_handler(sources(waiting)),
                                create_health_handler([waiting] { return waiting; })};
  for (const http::Handler& handler : both) {
    INFO(path);
    const Fetched fetched = fetch(handler, path);
    CHECK(fetched.status == status);
    CHECK(fetched.body == (status == 200 ? "ok" : "not yet listed\n"));
  }
}

TEST_CASE("routes: behind a gate the open health endpoints give no reasons", "[web]") {
  RouteSources gated = sources({false, "namespace team-a: forbidden", {{"team-a", false, ""}}});
  gated.gated = true;
  const http::Handler handler = create_metrics_handler(gated);
  const std::string path = GENERATE("/readyz", "/ready");
  CHECK(fetch(handler, path).status == 503);
  CHECK(fetch(handler, path).body == "not ready\n");
  // Which the gate does not let through without credentials.
  const http::ServerResponse verbose = handler({http::Method::kGet, path, "verbose", {}});
  CHECK_THAT(*verbose.body.pieces().at(0), Contains("team-a"));
}

TEST_CASE("routes: readiness is asked anew each time", "[web]") {
  bool ready = false;
  const http::Handler handler = create_health_handler([&ready] {
    return HealthReport{ready, "starting", {}};
  });
  CHECK(fetch(handler, "/readyz").status == 503);
  ready = true;
  CHECK(fetch(handler, "/readyz").status == 200);
}

TEST_CASE("routes: the health address serves health alone", "[web]") {
  const http::Handler handler = create_health_handler([] { return HealthReport{}; });
  const std::string path = GENERATE("/", "/metrics", "/metrics/self", "/style.css");
  CHECK(fetch(handler, path).status == 404);
}

TEST_CASE("routes: the page and its style sheet", "[web]") {
  const http::Handler handler = create_metrics_handler(sources());
  const Fetched page = fetch(handler, "/");
  CHECK(page.status == 200);
  CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
  for (const char* path : {"/metrics", "/metrics/self", "/livez", "/readyz", "/healthz"}) {
    CHECK_THAT(page.body, Contains("href=\"." + std::string(path) + "\""));
  }
  CHECK(fetch(handler, "/style.css").header("Content-Type") == "text/css; charset=utf-8");
}

TEST_CASE("routes: anything else is a 404 that lists the endpoints", "[web]") {
  const http::Handler handler = create_metrics_handler(sources());
  const std::string path = GENERATE("/nothing", "/metrics/", "/Metrics", "//", "/readyz/x");
  const Fetched fetched = fetch(handler, path);
  CHECK(fetched.status == 404);
  CHECK_THAT(fetched.body, Contains("/metrics") && Contains("/readyz"));
  CHECK_THAT(fetched.body, !Contains("nothing"));
}

TEST_CASE("routes: every response is strict", "[web]") {
  const http::Handler handler = create_metrics_handler(sources());
  const std::string path = GENERATE("/", "/metrics", "/livez", "/readyz", "/style.css", "/nothing");
  const Fetched fetched = fetch(handler, path);
  CHECK_THAT(fetched.header("Content-Security-Policy"),
             Contains("default-src 'none'") && !Contains("unsafe"));
  CHECK(fetched.header("X-Content-Type-Options") == "nosniff");
  CHECK(fetched.header("Referrer-Policy") == "no-referrer");
  CHECK(fetched.header("Cache-Control") == "no-store");
}

TEST_CASE("routes: charts at the path that was set, the API beside them", "[web]") {
  RouteSources with = sources();
  with.charts_path = "/team/charts";
  with.catalog = test::catalog_sources({test::repository("team a", {test::chart("c++", {})})});
  const http::Handler handler = create_metrics_handler(with);
  const Fetched page = fetch(handler, "/team/charts");
  CHECK(page.status == 200);
  CHECK(page.header("Content-Type") == "text/html; charset=utf-8");
  CHECK_THAT(page.body, Contains("href=\"./../style.css\""));
  CHECK_THAT(page.header("Content-Security-Policy"), Contains("script-src 'self'"));
  CHECK_THAT(page.header("Content-Security-Policy"), !Contains("img-src"));
  CHECK(fetch(handler, "/charts.js").status == 200);
  CHECK(fetch(handler, "/charts").status == 404);
  for (const char* path : {"/api/v1/releases", "/api/v1/repositories", "/api/v1/charts"}) {
    CHECK(fetch(handler, path).header("Content-Type") == "application/json; charset=utf-8");
  }
}

TEST_CASE("routes: what there is no source for is not there", "[web]") {
  const http::Handler bare = create_metrics_handler(sources());
  for (const char* path : {"/charts", "/charts.js", "/api/v1/releases", "/api/v1/charts"}) {
    CHECK(fetch(bare, path).status == 404);
  }
  RouteSources without_page = sources();
  without_page.catalog = test::catalog_sources({});
  without_page.charts_path = "";
  const http::Handler handler = create_metrics_handler(without_page);
  CHECK(fetch(handler, "/charts").status == 404);
  CHECK(fetch(handler, "/api/v1/charts").status == 200);
}

TEST_CASE("routes: icons widen the policy of the page of charts alone", "[web]") {
  RouteSources with = sources();
  with.catalog = test::catalog_sources({});
  with.catalog.chart_icons = true;
  const http::Handler handler = create_metrics_handler(with);
  CHECK_THAT(fetch(handler, "/charts").header("Content-Security-Policy"),
             Contains("img-src https: data:;"));
  CHECK_THAT(fetch(handler, "/").header("Content-Security-Policy"), !Contains("img-src"));
}

TEST_CASE("routes: pages and lists by their query", "[web]") {
  RouteSources with = sources();
  with.catalog = test::catalog_sources({test::repository("team a", {test::chart("c++", {})})});
  const http::Handler handler = create_metrics_handler(with);
  const auto [path, query, status] = GENERATE(table<std::string, std::string, int>({
      {"/charts", "repository=team%20a&chart=c%2B%2B", 200},
      {"/charts", "repository=team+a&chart=c%2B%2B", 200},
      {"/charts", "repository=team%20a&chart=c", 404},
      {"/charts", "chart=c%2B%2B", 404},
      {"/charts", "repository=team%20a&chart=%zz", 400},
      {"/api/v1/charts", "name=c%2B%2B", 200},
      {"/api/v1/charts", "nmae=c", 400},
  }));
  INFO(path << "?" << query);
  CHECK(handler({http::Method::kGet, path, query, {}}).status == status);
}
