#include "lookout/metrics/self_metrics.hpp"

#include <catch2/catch.hpp>

#include "test/metrics/metrics_fixture.hpp"
#include "test/metrics/sample_text.hpp"

namespace lookout::metrics {
namespace {

double value_of(const std::string& text, const std::string& name) {
  const std::size_t at = text.find("\n" + name + " ");
  REQUIRE(at != std::string::npos);
  return std::stod(text.substr(at + name.size() + 2));
}

}  // namespace

TEST_CASE("self metrics: without sources only the build and the process speak") {
  SelfSources sources;
  sources.build.version = "1.2.3";
  const std::string text = SelfMetrics(sources).render(TextFormat::kText004);
  CHECK(text.find("helm_lookout_build_info{version=\"1.2.3\",revision=\"\",compiler=\"\"} 1\n") !=
        std::string::npos);
  CHECK(test::count_of(text, "# TYPE") == test::count_of(text, "# TYPE process_") + 1);
}

TEST_CASE("self metrics: the process is measured") {
  const std::string text = SelfMetrics({}).render(TextFormat::kText004);
  CHECK(value_of(text, "process_resident_memory_bytes") > 1e6);
  CHECK(value_of(text, "process_virtual_memory_bytes") >=
        value_of(text, "process_resident_memory_bytes"));
  CHECK(value_of(text, "process_cpu_seconds_total") >= 0);
  CHECK(value_of(text, "process_start_time_seconds") > 1.6e9);
  const double open_fds = value_of(text, "process_open_fds");
  CHECK(open_fds >= 3);
  CHECK(open_fds <= value_of(text, "process_max_fds"));
  std::ifstream file("/proc/self/stat");
  CHECK(value_of(SelfMetrics({}).render(TextFormat::kText004), "process_open_fds") == open_fds + 1);
}

TEST_CASE("self metrics: timestamps of what never happened are left out") {
  kube::ReflectorStats stats;
  SelfSources sources;
  sources.streams = {{"", &stats}};
  const std::string text = SelfMetrics(sources).render(TextFormat::kText004);
  CHECK(test::count_of(text, "informer_last") == 0);
  CHECK(test::count_of(text, "helm_lookout_informer_synced{namespace=\"\"} 0\n") == 1);
}

TEST_CASE("self metrics: streams are summed where the namespace is no label") {
  const std::string text = test::sample_self_text(TextFormat::kText004);
  CHECK(test::count_of(text, "helm_lookout_watch_total{result=\"closed\"} 6\n") == 1);
  CHECK(test::count_of(text, "helm_lookout_watch_bytes_total 246912\n") == 1);
}

TEST_CASE("self metrics: histograms are cumulative, with float bounds") {
  const std::string text = test::sample_self_text(TextFormat::kText004);
  const std::string name = "workqueue_queue_duration_seconds_";
  CHECK(test::count_of(text, name + "bucket{name=\"release\",le=\"0.001\"} 0\n") == 1);
  CHECK(test::count_of(text, name + "bucket{name=\"release\",le=\"1.0\"} 1\n") == 1);
  CHECK(test::count_of(text, name + "bucket{name=\"release\",le=\"+Inf\"} 2\n") == 1);
  CHECK(test::count_of(text, name + "sum{name=\"release\"} 120.003\n") == 1);
  CHECK(test::count_of(text, name + "count{name=\"release\"} 2\n") == 1);
}

TEST_CASE("self metrics: TLS shows for the servers that have it, reviews once there were any") {
  http::ServerStats plain;
  kube::ApiClientStats api;
  SelfSources sources;
  sources.servers = {{"metrics", &plain}};
  sources.api = &api;
  std::string text = SelfMetrics(sources).render(TextFormat::kText004);
  CHECK(test::count_of(text, "_tls_") == 0);
  CHECK(test::count_of(text, "_auth_") == 0);
  CHECK(test::count_of(text, "verb=\"POST\"") == 0);
  plain.tls_certificate_expiry.set(1'800'000'000);
  api.review_seconds.observe(0.1);
  text = SelfMetrics(sources).render(TextFormat::kText004);
  CHECK(value_of(text, "helm_lookout_tls_reload_success{server=\"metrics\"}") == 0);
  CHECK(
      value_of(text, "helm_lookout_tls_certificate_expiry_timestamp_seconds{server=\"metrics\"}") ==
      1'800'000'000);
  CHECK(test::count_of(text, "rest_client_request_duration_seconds_count{verb=\"POST\"") == 1);
}

TEST_CASE("self metrics: a work queue that knows no histogram yet has none") {
  SelfSources sources;
  sources.work_queue = [] { return WorkQueueSample{}; };
  const std::string text = SelfMetrics(sources).render(TextFormat::kText004);
  CHECK(test::count_of(text, "workqueue_depth{name=\"release\"} 0\n") == 1);
  CHECK(test::count_of(text, "workqueue_work_duration_seconds") == 0);
}

}  // namespace lookout::metrics
