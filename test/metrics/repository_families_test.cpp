#include "src/metrics/repository_families.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "lookout/repository/scan_error.hpp"

#include "test/metrics/metrics_fixture.hpp"
#include "test/state/repository_fixture.hpp"

namespace lookout::metrics {
namespace {

using state::test::at;
using state::test::chart;
using state::test::index;

state::Repository before_the_first_scan(std::string type = "s3") {
  state::Repository out;
  out.name = "own";
  out.type = std::move(type);
  out.url = "s3://bucket/charts";
  out.stats = std::make_shared<state::RepositoryStats>();
  return out;
}

helm::IndexedChart dated(helm::IndexedChart chart, const std::vector<std::int64_t>& created) {
  for (std::size_t i = 0; i < created.size(); ++i) chart.versions[i].created_seconds = created[i];
  return chart;
}

// Charts api, three versions, the third undated, and web, only a prerelease.
state::Repository scanned(std::string type = "s3") {
  state::Repository out = before_the_first_scan(std::move(type));
  out.up = true;
  out.last_attempt = out.last_success = at(1'700'000'000) + std::chrono::milliseconds(250);
  auto data = std::make_shared<state::RepositoryIndex>();
  data->bytes = 4'321;
  data->index = index({dated(chart("api", {"2.0.0", "1.1.0", "1.0.0"}), {300, 200}),
                       dated(chart("web", {"1.0.0-rc.1"}), {50})});
  data->index.charts[0].versions[0].app_version = "v9 \"beta\"";
  data->index.charts[1].versions[0].deprecated = true;
  // Helm S3 Exporter also counts what Helm leaves out.
  data->index.charts[0].listed = {5, {100, 200, 300, 400}};
  data->index.charts[1].listed = {1, {50}};
  data->index.skipped[static_cast<std::size_t>(helm::SkippedEntry::kBadVersion)] = 2;
  out.data = std::move(data);
  return out;
}

std::string lines(const state::Repository& repository, std::string_view family) {
  const LabelRules rules;
  std::string out;
  for (const RepositoryFamily& row : repository_families()) {
    if (row.head.name != family) continue;
    if (row.changes_with == ChangesWith::kData && repository.data == nullptr) continue;
    row.render(RenderedRepository(repository, rules, row.changes_with), out);
  }
  return out;
}

std::string all_lines(const state::Repository& repository, std::string_view prefix) {
  std::string out;
  for (const RepositoryFamily& row : repository_families()) {
    if (row.head.name.starts_with(prefix)) out += lines(repository, row.head.name);
  }
  return out;
}

}  // namespace

TEST_CASE("repository families: names are unique, help texts plain") {
  std::set<std::string_view> names;
  for (const RepositoryFamily& row : repository_families()) {
    CHECK(names.insert(row.head.name).second);
    CHECK(row.head.help.find_first_of("\n\\") == std::string_view::npos);
    CHECK((row.head.type == FamilyType::kCounter) <= row.head.name.ends_with("_total"));
  }
}

TEST_CASE("repository families: what a scan left") {
  state::Repository own = scanned("http");
  own.stats->success.add(3);
  own.stats->unchanged.add(2);
  own.stats->errors.add();
  CHECK(lines(own, "helm_repository_info") ==
        "helm_repository_info{repository=\"own\",type=\"http\",url=\"s3://bucket/charts\"} 1\n");
  CHECK(lines(own, "helm_repository_up") == "helm_repository_up{repository=\"own\"} 1\n");
  CHECK(lines(own, "helm_repository_sync_total") ==
        "helm_repository_sync_total{repository=\"own\",namespace=\"\",type=\"http\","
        "status=\"success\"} 3\n"
        "helm_repository_sync_total{repository=\"own\",namespace=\"\",type=\"http\","
        "status=\"unchanged\"} 2\n"
        "helm_repository_sync_total{repository=\"own\",namespace=\"\",type=\"http\","
        "status=\"error\"} 1\n");
  for (const auto* const which : {"success", "attempt"}) {
    const std::string name = "helm_repository_last_" + std::string(which) + "_timestamp_seconds";
    CHECK(lines(own, name) == name + "{repository=\"own\"} 1700000000.25\n");
  }
  CHECK(lines(own, "helm_repository_index_bytes") ==
        "helm_repository_index_bytes{repository=\"own\"} 4321\n");
}

TEST_CASE("repository families: each error type has its series, each skip reason too") {
  state::Repository own = scanned();
  own.stats->errors_by_type[static_cast<std::size_t>(repository::ScanErrorType::kTls)].add(4);
  const std::string errors = lines(own, "helm_repository_sync_errors_total");
  CHECK(test::count_of(errors, "\n") == 19);
  CHECK(test::count_of(errors, "} 0\n") == 18);
  CHECK(test::count_of(errors,
                       "helm_repository_sync_errors_total{repository=\"own\","
                       "namespace=\"\",error_type=\"tls\"} 4\n") == 1);
  const std::string skipped = lines(own, "helm_repository_skipped_entries");
  CHECK(test::count_of(skipped, "\n") == 7);
  CHECK(test::count_of(skipped, "{repository=\"own\",reason=\"bad_version\"} 2\n") == 1);
  CHECK(test::count_of(skipped, "{repository=\"own\",reason=\"duplicate_key\"} 0\n") == 1);
}

TEST_CASE("repository families: a histogram's buckets are cumulative, le with a fraction") {
  const state::Repository own = scanned();
  own.stats->sync_seconds.observe(0.3);
  own.stats->sync_seconds.observe(100);
  const std::string text = lines(own, "helm_repository_sync_duration_seconds");
  const std::string labels = "{repository=\"own\",namespace=\"\",type=\"s3\"";
  CHECK(text.starts_with("helm_repository_sync_duration_seconds_bucket" + labels +
                         ",le=\"0.01\"} 0\n"));
  CHECK(test::count_of(text, "_bucket" + labels + ",le=\"1.0\"} 1\n") == 1);
  CHECK(text.ends_with("_bucket" + labels + ",le=\"+Inf\"} 2\n" +
                       "helm_repository_sync_duration_seconds_sum" + labels + "} 100.3\n" +
                       "helm_repository_sync_duration_seconds_count" + labels + "} 2\n"));
}

TEST_CASE("repository families: charts as Helm shows them") {
  const state::Repository own = scanned();
  CHECK(lines(own, "helm_repository_charts_discovered") ==
        "helm_repository_charts_discovered{repository=\"own\",namespace=\"\"} 2\n");
  CHECK(lines(own, "helm_repository_chart_versions") ==
        "helm_repository_chart_versions{repository=\"own\",chart=\"api\"} 3\n"
        "helm_repository_chart_versions{repository=\"own\",chart=\"web\"} 1\n");
  CHECK(lines(own, "helm_repository_chart_oldest_timestamp_seconds") ==
        "helm_repository_chart_oldest_timestamp_seconds{repository=\"own\",chart=\"api\"} 200\n"
        "helm_repository_chart_oldest_timestamp_seconds{repository=\"own\",chart=\"web\"} 50\n");
  CHECK(test::count_of(lines(own, "helm_repository_chart_newest_timestamp_seconds"), "} 300\n") ==
        1);
  CHECK(test::count_of(lines(own, "helm_repository_chart_median_timestamp_seconds"), "} 300\n") ==
        1);
  CHECK(lines(own, "helm_repository_chart_latest_info") ==
        "helm_repository_chart_latest_info{repository=\"own\",chart=\"api\",version=\"2.0.0\","
        "app_version=\"v9 \\\"beta\\\"\"} 1\n");
  CHECK(lines(own, "helm_repository_chart_deprecated") ==
        "helm_repository_chart_deprecated{repository=\"own\",chart=\"web\"} 1\n");
}

TEST_CASE("repository families: a chart of which Helm shows nothing counts for S3 alone") {
  state::Repository own = scanned();
  auto data = std::make_shared<state::RepositoryIndex>(*own.data);
  data->index.charts[1].versions.clear();
  own.data = data;
  CHECK(lines(own, "helm_repository_charts_discovered").ends_with("} 1\n"));
  CHECK(test::count_of(all_lines(own, "helm_repository_"), "chart=\"web\"") == 0);
  CHECK(lines(own, "helm_s3_charts_total") == "helm_s3_charts_total{repository=\"own\"} 2\n");
  CHECK(test::count_of(all_lines(own, "helm_s3_"), "chart=\"web\"") == 4);
}

TEST_CASE("repository families: Helm S3 Exporter's count every list entry") {
  const state::Repository own = scanned();
  own.stats->errors.add(7);
  own.stats->s3_scrape_seconds.observe(1.5);
  CHECK(lines(own, "helm_s3_charts_total") == "helm_s3_charts_total{repository=\"own\"} 2\n");
  CHECK(lines(own, "helm_s3_versions_total") == "helm_s3_versions_total{repository=\"own\"} 6\n");
  CHECK(lines(own, "helm_s3_chart_versions") ==
        "helm_s3_chart_versions{repository=\"own\",chart=\"api\"} 5\n"
        "helm_s3_chart_versions{repository=\"own\",chart=\"web\"} 1\n");
  CHECK(lines(own, "helm_s3_chart_age_oldest_seconds") ==
        "helm_s3_chart_age_oldest_seconds{repository=\"own\",chart=\"api\"} 100\n"
        "helm_s3_chart_age_oldest_seconds{repository=\"own\",chart=\"web\"} 50\n");
  const auto overall = [&](const std::string& which) {
    return lines(own, "helm_s3_overall_age_" + which + "_seconds");
  };
  CHECK(overall("oldest") == "helm_s3_overall_age_oldest_seconds{repository=\"own\"} 50\n");
  CHECK(overall("newest").ends_with("} 400\n"));
  CHECK(overall("median").ends_with("} 200\n"));
  CHECK(lines(own, "helm_s3_chart_age_newest_seconds").find("api\"} 400\n") != std::string::npos);
  // Of an even number the upper one.
  CHECK(lines(own, "helm_s3_chart_age_median_seconds").find("api\"} 300\n") != std::string::npos);
  CHECK(lines(own, "helm_s3_scrape_errors_total").ends_with("{repository=\"own\"} 7\n"));
  CHECK(
      lines(own, "helm_s3_last_scrape_success").ends_with("{repository=\"own\"} 1700000000.25\n"));
  const std::string seconds = lines(own, "helm_s3_scrape_duration_seconds");
  CHECK(test::count_of(seconds, "_bucket{") == 12);
  CHECK(seconds.find("{repository=\"own\",le=\"1.0\"} 0\n") != std::string::npos);
  CHECK(seconds.find("{repository=\"own\",le=\"2.5\"} 1\n") != std::string::npos);
}

TEST_CASE("repository families: only S3 repositories have Helm S3 Exporter's families") {
  CHECK(all_lines(scanned("http"), "helm_s3_").empty());
  CHECK(all_lines(scanned("oci"), "helm_s3_").empty());
  CHECK(test::count_of(all_lines(scanned(), "helm_s3_"), "helm_s3_scrape_errors_total") == 1);
}

TEST_CASE("HRE-10, S3X-3: before the first success counters are 0 and nothing else is claimed") {
  state::Repository own = before_the_first_scan();
  CHECK(lines(own, "helm_repository_up") == "helm_repository_up{repository=\"own\"} 0\n");
  CHECK(test::count_of(lines(own, "helm_repository_sync_total"), "} 0\n") == 3);
  CHECK(test::count_of(lines(own, "helm_repository_sync_errors_total"), "} 0\n") == 19);
  CHECK(lines(own, "helm_s3_scrape_errors_total").ends_with("} 0\n"));
  CHECK(lines(own, "helm_s3_last_scrape_success").empty());
  CHECK(lines(own, "helm_s3_charts_total").empty());
  CHECK(lines(own, "helm_repository_charts_discovered").empty());
  CHECK(lines(own, "helm_repository_last_success_timestamp_seconds").empty());
  CHECK(lines(own, "helm_repository_last_attempt_timestamp_seconds").empty());
  own.last_attempt = at(5);
  CHECK(lines(own, "helm_repository_last_attempt_timestamp_seconds").ends_with("} 5\n"));
  CHECK(lines(own, "helm_repository_last_success_timestamp_seconds").empty());
}

TEST_CASE("repository families: charts whose names are cut to one label are one series") {
  state::Repository own = scanned();
  auto data = std::make_shared<state::RepositoryIndex>();
  const std::string name(2'000, 'x');
  data->index = index({chart(name + "a", {"1.0.0"}), chart(name + "b", {"1.0.0", "2.0.0"})});
  own.data = data;
  CHECK(test::count_of(lines(own, "helm_repository_chart_versions"), "\n") == 1);
  CHECK(lines(own, "helm_repository_charts_discovered").ends_with("} 2\n"));
}

}  // namespace lookout::metrics
