#include "src/cli/plan_run.hpp"

#include <sys/resource.h>

#include <string>
#include <vector>

#include "lookout/metrics/exposition.hpp"
#include "lookout/state/release_join.hpp"
#include "lookout/system/files.hpp"

#include "src/cli/one_pass.hpp"
#include "src/cli/plan_figures.hpp"
#include "src/cli/plan_scans.hpp"
#include "src/cli/release_options.hpp"
#include "src/cli/repository_scans.hpp"

namespace lookout::cli {
namespace {

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

ProcessFigures figures_of_process(Duration since_start) {
  const auto status = system::read_file("/proc/self/status");
  ProcessFigures out;
  if (status) {
    out.resident_bytes = status_bytes(*status, "VmRSS");
    out.peak_resident_bytes = status_bytes(*status, "VmHWM");
  }
  out.cpu_seconds = cpu_seconds();
  out.wall_seconds = std::chrono::duration<double>(since_start).count();
  return out;
}

// As Prometheus and people ask for it, so that all texts are in memory that would be.
ScrapeFigures scrape(metrics::Exposition& exposition) {
  using metrics::ContentCoding;
  using metrics::TextFormat;
  ScrapeFigures out;
  exposition.scrape(TextFormat::kOpenMetrics100, ContentCoding::kGzip);
  const auto plain = exposition.scrape(TextFormat::kText004, ContentCoding::kIdentity);
  out.series = count_series(plain);
  out.release_series = static_cast<std::size_t>(exposition.stats().series.value());
  out.plain_bytes = plain.size_bytes();
  out.gzip_bytes = exposition.scrape(TextFormat::kText004, ContentCoding::kGzip).size_bytes();
  return out;
}

ApiFigures api_figures(const ReleaseWatch& releases, Duration read_in) {
  ApiFigures out;
  out.seconds = std::chrono::duration<double>(read_in).count();
  const kube::ApiClientStats& stats = releases.client->stats();
  out.server = stats.host;
  out.streams = releases.controller->stream_namespaces().size();
  for (const auto& [labels, count] : stats.requests.snapshot()) out.requests += count;
  out.bytes = stats.bytes_received.value();
  for (std::size_t i = 0; i < out.streams; ++i) {
    out.watch_bytes += releases.controller->stream_stats(i).watch_bytes.value();
  }
  return out;
}

// A line for each stream that is refused or fails.
std::vector<std::string> stream_gaps(ReleaseWatch& releases) {
  std::vector<std::string> gaps;
  for (const auto& check : releases.controller->readiness().checks) {
    if (check.name != "payloads" && !check.detail.empty()) {
      gaps.push_back(check.name + ": " + check.detail);
    }
  }
  return gaps;
}

// The controller, but for its servers, until it has read everything once.
class PlanRun {
 public:
  PlanRun(const Settings& settings, ReleaseWatch& releases, state::ReleaseCache& cache)
      : settings_(settings), releases_(releases), cache_(cache) {
    join_.set_pins(settings.pins);
  }

  PlanReport run(std::size_t top);

 private:
  void read();
  void add_releases(std::size_t top, PlanReport& report);

  const Settings& settings_;
  const SystemClock clock_;
  const MonoTime start_ = clock_.now();
  MonoTime read_at_;  // the releases
  std::size_t missing_payloads_ = 0;
  ReleaseWatch& releases_;
  state::ReleaseCache& cache_;
  RepositoryScans repositories_{clock_};
  PlanScans scans_{repositories_.cache(), settings_};
  state::ReleaseJoin join_{cache_, &repositories_.cache()};
  metrics::Exposition exposition_{join_, clock_, exposition_options(settings_), {}};
};

void PlanRun::read() {
  ProgressLine progress;
  repositories_.apply(scanned_twice(settings_));
  if (releases_.controller) {
    releases_.controller->start();
    const std::string failure =
        wait_until_read(*releases_.controller, cache_, clock_, [&](std::size_t left) {
          scans_.look();
          progress.show("reading releases, " + std::to_string(left) + " payloads left");
        });
    // Without a failure, what is wanted by now is of a release that changed since.
    if (!failure.empty()) missing_payloads_ = cache_.wanted_payloads();
  }
  read_at_ = clock_.now();
  for (scans_.look(); !scans_.done(); scans_.look()) {
    progress.show("reading repositories");
    clock_.sleep(kOnePassPoll, {});
  }
}

void PlanRun::add_releases(std::size_t top, PlanReport& report) {
  if (releases_.controller == nullptr) return;
  report.api = api_figures(releases_, read_at_ - start_);
  report.gaps = stream_gaps(releases_);
  report.missing_payloads = missing_payloads_;
  if (missing_payloads_ > 0) report.gaps.push_back(std::to_string(missing_payloads_) + " payloads");
  // A shard without a namespace of its own has read all that is to be read.
  const auto& streams = releases_.controller->stream_namespaces();
  bool synced = streams.empty();
  for (std::size_t i = 0; i < streams.size(); ++i) {
    synced = synced || releases_.controller->stream_stats(i).synced.value() > 0;
  }
  if (!synced) return;
  // Past the delay after which a release is shown with what is known of it.
  const MonoTime later = clock_.now() + state::ReleaseCacheOptions{}.publish_delay;
  report.releases = release_figures(cache_.snapshot(later), clock_.wall_now(), top);
  for (const std::uint64_t ignored : cache_.ignored_objects()) {
    report.releases->ignored_objects += ignored;
  }
}

PlanReport PlanRun::run(std::size_t top) {
  PlanReport report;
  read();
  report.scrape = scrape(exposition_);
  report.process = figures_of_process(clock_.now() - start_);
  add_releases(top, report);
  if (releases_.controller) releases_.controller->stop();
  repositories_.stop();
  report.repositories = scans_.figures();
  for (const RepositoryFigures& each : report.repositories) {
    if (!each.error.empty()) report.gaps.push_back("repository " + each.name + ": " + each.error);
  }
  report.shard = settings_.shard;
  report.total_shards = settings_.total_shards;
  return report;
}

}  // namespace

PlanReport run_once(const Settings& settings, ReleaseWatch& releases, state::ReleaseCache& cache,
                    std::size_t top) {
  return PlanRun(settings, releases, cache).run(top);
}

}  // namespace lookout::cli
