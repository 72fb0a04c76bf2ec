// Repositories and the join in whole bodies.
#include <catch2/catch.hpp>

#include <set>
#include <thread>

#include "test/metrics/metrics_fixture.hpp"
#include "test/state/repository_fixture.hpp"

namespace lookout::metrics {
namespace {

using state::test::at;
using state::test::chart;
using state::test::identity;
using state::test::index;
using state::test::web;
using test::count_of;
using test::ExpositionFixture;

struct RepositoryFixture : ExpositionFixture {
  explicit RepositoryFixture(ExpositionOptions options = {}) : ExpositionFixture(options) {
    repositories.set_repositories({identity("own", "s3"), identity("other")});
  }
  void scan(helm::ChartIndex charts, std::string_view name = "own") {
    repositories.put_success(name, std::move(charts), 100, at(1'700'000'000));
  }
  std::set<const std::string*> pieces() {
    const auto body = exposition.scrape(TextFormat::kText004, ContentCoding::kIdentity);
    std::set<const std::string*> out;
    for (const auto& piece : body.pieces()) out.insert(piece.get());
    return out;
  }
};

std::size_t fresh_pieces(const std::set<const std::string*>& before,
                         const std::set<const std::string*>& after) {
  std::size_t count = 0;
  for (const auto* const piece : after) count += before.contains(piece) ? 0U : 1U;
  return count;
}

}  // namespace

TEST_CASE("HRE-1: a chart that left the index leaves the metrics with that scan") {
  RepositoryFixture f;
  f.scan(index({chart("api", {"1.0.0"}), chart("web", {"1.0.0"})}));
  CHECK(count_of(f.text(), "chart=\"web\"") > 0);
  f.scan(index({chart("api", {"1.0.0"})}));
  CHECK(count_of(f.text(), "chart=\"web\"") == 0);
  CHECK(count_of(f.text(), "helm_s3_charts_total{repository=\"own\"} 1\n") == 1);
}

TEST_CASE("HRE-5: a failed scan keeps the last good data and marks them") {
  RepositoryFixture f;
  f.scan(web({"1.0.0"}));
  const std::string good = f.text();
  CHECK(count_of(good, "helm_repository_up{repository=\"own\"} 1\n") == 1);
  f.repositories.put_failure("own", "empty", "the index is empty", at(1'700'000'300));
  const std::string bad = f.text();
  CHECK(count_of(bad, "helm_repository_up{repository=\"own\"} 0\n") == 1);
  CHECK(count_of(bad, "chart=\"web\"") == count_of(good, "chart=\"web\""));
  CHECK(count_of(bad,
                 "helm_repository_last_success_timestamp_seconds{repository=\"own\"} "
                 "1700000000\n") == 1);
  CHECK(count_of(bad,
                 "helm_repository_last_attempt_timestamp_seconds{repository=\"own\"} "
                 "1700000300\n") == 1);
}

TEST_CASE("exposition: a shard that shows no repositories joins with them all the same") {
  RepositoryFixture f({.repository_families = false});
  f.install({});
  f.scan(web({"2.0.0"}));
  const std::string text = f.text();
  CHECK(count_of(text, "\nhelm_release_chart_missing{") == 1);
  CHECK(count_of(text, "helm_repository_") == 0);
  CHECK(count_of(text, "helm_s3_") == 0);
}

TEST_CASE("HRE-11: repositories do not overwrite one another") {
  RepositoryFixture f;
  f.scan(web({"1.0.0"}));
  f.scan(web({"1.0.0", "2.0.0"}), "other");
  const std::string text = f.text();
  CHECK(count_of(text, "helm_repository_chart_versions{repository=\"own\",chart=\"web\"} 1\n") ==
        1);
  CHECK(count_of(text, "helm_repository_chart_versions{repository=\"other\",chart=\"web\"} 2\n") ==
        1);
  CHECK(count_of(text, "# TYPE helm_repository_chart_versions gauge\n") == 1);
}

TEST_CASE("S3X-1: every scrape during scans has all charts of one index") {
  RepositoryFixture f;
  f.scan(index({chart("api", {"1.0.0"}), chart("web", {"1.0.0"})}));
  f.install({.release = "foo"}, "1.0.0");
  f.text();
  std::jthread scanner([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      f.scan(index({chart("api", {"1.0.0", "2.0.0"}), chart("web", {"1.0.0", "2.0.0"})}));
      f.scan(index({chart("api", {"1.0.0"}), chart("web", {"1.0.0"})}));
    }
  });
  int wrong = 0;
  for (int scrape = 0; scrape < 200; ++scrape) {
    const std::string text = f.text();
    const auto is_of = [&](const std::string& versions, const std::string& latest) {
      return count_of(text, "helm_s3_versions_total{repository=\"own\"} " + versions + "\n") == 1 &&
             count_of(text, "latest_version=\"" + latest + "\"") == 1;
    };
    const bool whole = is_of("2", "1.0.0") != is_of("4", "2.0.0");
    if (!whole || count_of(text, "helm_s3_chart_versions{") != 2) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("exposition: the join follows releases, scans and settings") {
  RepositoryFixture f;
  const auto behind = [](int count) {
    return "helm_release_versions_behind{name=\"foo\",namespace=\"default\"} " +
           std::to_string(count) + "\n";
  };
  f.install({}, "1.0.0");
  CHECK(count_of(f.text(), "helm_release_outdated") == 0);
  f.scan(web({"1.0.0", "1.1.0"}));
  CHECK(count_of(f.text(), behind(1)) == 1);
  f.install({.rv = 11}, "1.1.0");
  CHECK(count_of(f.text(), behind(0)) == 1);
  f.scan(web({"1.0.0"}));
  CHECK(count_of(f.text(),
                 "helm_release_chart_missing{name=\"foo\",namespace=\"default\","
                 "repository=\"own\"} 1\n") == 1);
  f.repositories.set_repositories({identity("other")});
  const std::string text = f.text();
  CHECK(count_of(text, "\"own\"") == 0);
  CHECK(count_of(text, "helm_release_outdated") == 0);
  CHECK(count_of(text, "helm_release_info{") == 1);
  CHECK(f.unzipped() == text);
}

TEST_CASE("exposition: repositories read the same in both formats and codings") {
  RepositoryFixture f;
  f.scan(web({"1.0.0"}));
  const std::string text = f.text();
  const std::string open = f.text(TextFormat::kOpenMetrics100);
  CHECK(f.unzipped() == text);
  CHECK(f.unzipped(TextFormat::kOpenMetrics100) == open);
  CHECK(count_of(text, "# TYPE helm_repository_sync_total counter\n") == 1);
  CHECK(count_of(open, "# TYPE helm_repository_sync counter\n") == 1);
  CHECK(count_of(open, "# TYPE helm_s3_charts_total gauge\n") == 1);
  CHECK(count_of(text, ",le=\"1.0\"} 0\n") == count_of(open, ",le=\"1.0\"} 0\n"));
}

TEST_CASE("exposition: a scan renders only the lines that it changed") {
  RepositoryFixture f;
  f.scan(index({chart("api", {"1.0.0"}), chart("web", {"1.0.0"})}));
  f.scan(web({"1.0.0"}), "other");
  f.install({}, "1.0.0");
  const auto first = f.pieces();
  CHECK(f.pieces() == first);
  CHECK(f.exposition.stats().dirty_chunks.value() == 0);
  // Only the two timestamps of success and the one of the attempt.
  f.repositories.put_unchanged("own", at(1'700'000'300));
  const auto unchanged = f.pieces();
  CHECK(fresh_pieces(first, unchanged) == 3);
  // A new version: of the charts and of S3, versions and latest; nothing of the other repository.
  f.scan(index({chart("api", {"1.0.0", "1.1.0"}), chart("web", {"1.0.0"})}));
  const auto scanned = f.pieces();
  CHECK(fresh_pieces(unchanged, scanned) == std::size_t(f.exposition.stats().dirty_chunks.value()));
  CHECK(f.exposition.stats().dirty_chunks.value() < 9);
  f.repositories.stats("other")->success.add();
  CHECK(fresh_pieces(scanned, f.pieces()) == 1);
}

TEST_CASE("exposition: the limit of series counts the join's and spares repositories") {
  constexpr std::size_t kSeriesOfOne = 12 + 5;
  RepositoryFixture f({.series_max = kSeriesOfOne});
  f.scan(web({"1.0.0"}));
  f.install({.release = "a", .uid_number = 1}, "1.0.0");
  f.install({.release = "b", .uid_number = 2}, "1.0.0");
  const std::string text = f.text();
  CHECK(count_of(text, "helm_release_outdated{") == 1);
  CHECK(count_of(text, "name=\"b\"") == 0);
  CHECK(f.exposition.stats().dropped_series.value() == kSeriesOfOne);
  CHECK(f.exposition.stats().series.value() == double(kSeriesOfOne));
  CHECK(count_of(text, "helm_repository_chart_versions{") == 1);
}

}  // namespace lookout::metrics
