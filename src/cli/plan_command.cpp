#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

#include "lookout/base/clock.hpp"
#include "lookout/base/log.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/state/release_cache.hpp"
#include "lookout/state/release_join.hpp"
#include "lookout/system/files.hpp"

#include "src/cli/commands.hpp"
#include "src/cli/one_pass.hpp"
#include "src/cli/plan_advice.hpp"
#include "src/cli/plan_figures.hpp"
#include "src/cli/plan_scans.hpp"
#include "src/cli/plan_text.hpp"
#include "src/cli/release_options.hpp"
#include "src/cli/release_watch.hpp"
#include "src/cli/repository_scans.hpp"
#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

ProcessFigures process_figures(Duration since_start) {
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

// A line for each stream that is refused or fails, and for payloads that could not be read.
std::vector<std::string> release_gaps(ReleaseWatch& releases, const state::ReleaseCache& cache) {
  std::vector<std::string> gaps;
  for (const auto& check : releases.controller->readiness().checks) {
    if (check.name != "payloads" && !check.detail.empty()) {
      gaps.push_back(check.name + ": " + check.detail);
    }
  }
  if (const std::size_t left = cache.wanted_payloads(); left > 0) {
    gaps.push_back(std::to_string(left) + " payloads");
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
    wait_until_read(*releases_.controller, cache_, clock_, [&](std::size_t left) {
      scans_.look();
      progress.show("reading releases, " + std::to_string(left) + " payloads left");
    });
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
  report.gaps = release_gaps(releases_, cache_);
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
  report.process = process_figures(clock_.now() - start_);
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

// Something there is to plan for.
bool has_figures(const PlanReport& report, ReleasesMode mode) {
  if (report.releases || mode == ReleasesMode::kOn) return report.releases.has_value();
  return std::any_of(report.repositories.begin(), report.repositories.end(),
                     [](const RepositoryFigures& each) { return each.error.empty(); });
}

void complain_of_gaps(const PlanReport& report) {
  for (const std::string& gap : report.gaps) {
    std::fprintf(stderr, "helm-lookout: not read: %s\n", printable(gap).c_str());
  }
}

std::string rendered(const PlanReport& report, PlanOutput output) {
  const PlanAdvice advice = advise(report);
  switch (output) {
    case PlanOutput::kText: return plan_text(report, advice);
    case PlanOutput::kJson: return plan_json(report, advice) + "\n";
    case PlanOutput::kValues: return plan_values(report, advice);
  }
  return "";
}

}  // namespace

int run_plan(const Settings& settings, const PlanCommand& command) {
  log::configure(std::max(settings.log_level, log::Level::kError), settings.log_format);
  const SystemClock clock;
  state::ReleaseCache cache(cache_options(settings));
  auto releases = create_release_watch(settings, cache, clock);
  if (!releases) {
    std::fprintf(stderr, "helm-lookout: %s\n", releases.error().message.c_str());
    return kBadUsage;
  }
  const PlanReport report = PlanRun(settings, *releases, cache).run(command.top);
  const bool planned = has_figures(report, settings.releases);
  if (!planned || command.output != PlanOutput::kText) complain_of_gaps(report);
  return planned && print(rendered(report, command.output)) ? 0 : kFailed;
}

}  // namespace lookout::cli
