#include "test/metrics/repository_sample.hpp"

#include "test/metrics/metrics_fixture.hpp"
#include "test/state/repository_fixture.hpp"

namespace lookout::metrics::test {
namespace {

using state::test::at;
using state::test::chart;

helm::ChartIndex own_index() {
  helm::IndexedChart hostile = chart("line\nbreak \"quoted\" back\\slash", {"0.1.0-rc.1"});
  hostile.listed = {2, {}};
  helm::IndexedChart web = chart("web", {"1.0.0", "1.1.0", "v1.1.0", "2.0.0+b"});
  web.versions[0].app_version = "\xE2\x82\xAC 9";
  for (std::size_t i = 0; i < web.versions.size(); ++i) {
    web.versions[i].created_seconds = 1'700'000'000 - 1'000 * static_cast<std::int64_t>(i);
  }
  web.listed = {5, {1'600'000'000, 1'699'997'000, 1'699'998'000, 1'699'999'000, 1'700'000'000}};
  helm::ChartIndex index = state::test::index({hostile, web});
  index.skipped = {1, 2, 3, 4, 5, 6, 7};
  return index;
}

helm::ChartIndex other_index() {
  helm::IndexedChart web = chart("web", {"3.0.0"});
  web.versions[0].deprecated = true;
  return state::test::index({web});
}

void fill(state::RepositoryStats& stats) {
  stats.success.add(3);
  stats.unchanged.add(40);
  stats.errors.add(2);
  stats.errors_by_type[3].add(2);
  for (const double seconds : {0.02, 0.3, 90.0}) stats.sync_seconds.observe(seconds);
  stats.s3_scrape_seconds.observe(0.3);
}

}  // namespace

std::string sample_repository_text(TextFormat format) {
  ExpositionFixture f;
  f.repositories.set_repositories({{"own", "s3", "s3://bucket/charts"},
                                   {"other", "http", "https://charts.example.com/a\"b"},
                                   {"never", "oci", "oci://registry.example.com/charts"}});
  helm::ChartIndex with_gone = own_index();
  with_gone.charts[1] = chart("web", {"0.9.0"});
  f.repositories.put_success("own", std::move(with_gone), 1, at(1'700'000'000));
  f.repositories.put_success("own", own_index(), 54'321, at(1'700'000'100));
  f.repositories.put_success("other", other_index(), 99, at(1'700'000'200));
  f.repositories.put_failure("other", "tls", "certificate has expired", at(1'700'000'300));
  fill(*f.repositories.stats("own"));
  f.join.set_pins({{"", "default", "pinned", "other"}});
  const auto install = [&](const std::string& name, std::string_view version) {
    f.install({.release = name}, version);
  };
  install("outdated", "1.0.0");
  install("current", "2.0.0_b");
  install("gone", "0.9.0");
  install("pinned", "1.0.0");
  install("refused", "not a version");
  return f.text(format);
}

}  // namespace lookout::metrics::test
