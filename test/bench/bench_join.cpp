// bench_join RELEASES CHARTS VERSIONS: joins that many releases with a repository of that many
// charts of that many versions each, and prints as JSON the medians of CPU time that a scan or
// the change of one release costs until every match is right, and until /metrics is.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/state/release_join.hpp"

namespace {

using namespace lookout;

struct Size {
  int releases;
  int charts;
  int versions;
};

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

template <class Action>
double median_seconds(int runs, const Action& action) {
  std::vector<double> taken;
  for (int run = 0; run < runs; ++run) taken.push_back(action(run));
  std::sort(taken.begin(), taken.end());
  return taken[taken.size() / 2];
}

std::string version_text(int i) {
  return std::to_string(i / 10) + '.' + std::to_string(i % 10) + ".0";
}

// Each chart's first version is a patch of `round`; the charts below `touched` have one more.
helm::ChartIndex make_index(const Size& size, int round, int touched) {
  helm::ChartIndex index;
  for (int i = 0; i < size.charts; ++i) {
    std::vector<helm::ChartVersion> versions;
    const auto add = [&](const std::string& text) {
      versions.push_back({text, *helm::parse_version(text), "1.0", {}, false});
    };
    for (int v = 0; v < size.versions; ++v) add(version_text(v));
    if (i < touched) add("1000.0." + std::to_string(round));
    const std::string digits = std::to_string(100'000 + i);
    index.charts.push_back(helm::make_indexed_chart("chart-" + digits, std::move(versions)));
  }
  return index;
}

class Bench {
 public:
  explicit Bench(const Size& size) : size_(size) {
    repositories_.set_repositories({{"own", "s3", "s3://bucket"}});
    for (int i = 0; i < size_.releases; ++i) put(i);
    scan(0, 0);
    join_.drain({});
  }

  double scan_and_drain(int touched) {
    return median_seconds(15, [&](int run) {
      auto index = make_index(size_, run + 1, touched);
      const double begin = cpu_seconds();
      repositories_.put_success("own", std::move(index), 1, WallTime{});
      changed_ = join_.drain({}).releases.size();
      return cpu_seconds() - begin;
    });
  }
  double change_and_drain() {
    return median_seconds(1'000, [&](int run) {
      put(run * 7919 % size_.releases);
      const double begin = cpu_seconds();
      join_.drain({});
      return cpu_seconds() - begin;
    });
  }
  // The same, the text of everything included; the exposition drains the join from here on.
  double scan_and_scrape(int touched) {
    metrics::Exposition exposition(join_, clock_, {}, nullptr);
    for (int i = 0; i < size_.releases; ++i) put(i);
    const auto scrape = [&] {
      return exposition.scrape(metrics::TextFormat::kText004, metrics::ContentCoding::kIdentity);
    };
    scrape();
    return median_seconds(7, [&](int run) {
      scan(100 + run, touched);
      const double begin = cpu_seconds();
      scrape();
      return cpu_seconds() - begin;
    });
  }
  std::size_t changed() const { return changed_; }

 private:
  void scan(int round, int touched) {
    repositories_.put_success("own", make_index(size_, round, touched), 1, WallTime{});
  }
  void put(int i) {
    const std::string name = "release-" + std::to_string(i);
    helm::SecretMeta meta;
    meta.ns = "namespace-" + std::to_string(i % 200);
    meta.name = helm::storage_name(name, 1);
    meta.uid = "00000000-0000-4000-8000-" + std::to_string(100'000'000'000 + i);
    meta.resource_version = std::to_string(++resource_version_);
    meta.labels = {{"name", name}, {"owner", "helm"}, {"status", "deployed"}};
    releases_.upsert(0, meta, {});
    helm::ReleaseFacts facts;
    facts.status = helm::Status::kDeployed;
    facts.has_chart_metadata = true;
    facts.chart = "chart-" + std::to_string(100'000 + i % size_.charts);
    facts.chart_version = version_text(static_cast<int>(resource_version_) % size_.versions);
    releases_.put_payload({{meta.ns, name}, 1, meta.uid, resource_version_, 26'000, facts});
  }

  const Size size_;
  const SystemClock clock_;
  state::ReleaseCache releases_;
  state::RepositoryCache repositories_;
  state::ReleaseJoin join_{releases_, &repositories_};
  std::uint64_t resource_version_ = 0;
  std::size_t changed_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const Size size{std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[3])};
  Bench bench(size);
  const double one = bench.scan_and_drain(1);
  const double all = bench.scan_and_drain(size.charts);
  if (bench.changed() != static_cast<std::size_t>(size.releases)) return 1;
  const double change = bench.change_and_drain();
  const double scrape = bench.scan_and_scrape(size.charts);
  std::printf("{\"scan_one_ms\": %f, \"scan_all_ms\": %f, \"release_us\": %f, \"scrape_ms\": %f}\n",
              one * 1e3, all * 1e3, change * 1e6, scrape * 1e3);
  return 0;
}
