#include "controllers/repository_scanner.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>

#include "lookout/base/check.hpp"
#include "lookout/base/log.hpp"

#include "controllers/repository_schedule.hpp"
#include "controllers/start_thread.hpp"

namespace lookout::controllers {
namespace {

using repository::ScanOutcome;

static_assert(repository::kScanErrorTypeCount == state::RepositoryStats::kErrorTypesMax);

// What one repository's thread does.
class ScanLoop {
 public:
  ScanLoop(const repository::RepositorySettings& settings, state::RepositoryCache& cache,
           const Clock& clock)
      : settings_(settings), cache_(cache), clock_(clock) {}

  void run(const RepositoryScanner::Scan& scan, std::stop_token stop);

 private:
  void record(ScanOutcome outcome, Duration took);
  void record_success(ScanOutcome outcome, state::RepositoryStats& stats);
  void record_failure(const repository::ScanError& error, state::RepositoryStats& stats);

  const repository::RepositorySettings settings_;
  state::RepositoryCache& cache_;
  const Clock& clock_;
  std::minstd_rand random_{std::random_device{}()};
  unsigned failures_ = 0;  // in a row
  bool seen_ = false;      // a scan has succeeded
};

void ScanLoop::run(const RepositoryScanner::Scan& scan, std::stop_token stop) {
  std::uniform_real_distribution<double> chance(0.0, 1.0);
  std::optional<MonoTime> due = clock_.now();
  while (due && clock_.sleep(*due - clock_.now(), stop)) {
    EndedScan ended;
    ended.start = clock_.now();
    ScanOutcome outcome = scan(stop);
    // What a cancelled scan says is nobody's business: its repository may be gone or another.
    if (stop.stop_requested() || std::holds_alternative<repository::Cancelled>(outcome)) return;
    ended.end = clock_.now();
    if (const auto* error = std::get_if<repository::ScanError>(&outcome)) {
      ended.retry_after = error->retry_after.value_or(std::chrono::seconds(0));
    }
    record(std::move(outcome), ended.end - ended.start);
    ended.failures = failures_;
    due = next_scan(settings_.interval, ended, chance(random_));
  }
}

void ScanLoop::record(ScanOutcome outcome, Duration took) {
  const auto stats = cache_.stats(settings_.name);
  LOOKOUT_CHECK(stats != nullptr);  // it leaves the cache after its thread has ended
  const double seconds = std::chrono::duration<double>(took).count();
  stats->sync_seconds.observe(seconds);
  stats->s3_scrape_seconds.observe(seconds);
  if (const auto* error = std::get_if<repository::ScanError>(&outcome)) {
    return record_failure(*error, *stats);
  }
  record_success(std::move(outcome), *stats);
}

void ScanLoop::record_success(ScanOutcome outcome, state::RepositoryStats& stats) {
  if (auto* data = std::get_if<repository::ScanData>(&outcome)) {
    const std::size_t charts = data->index.charts.size();
    const std::uint64_t bytes = data->index_bytes;
    stats.success.add();
    cache_.put_success(settings_.name, std::move(data->index), bytes, clock_.wall_now());
    if (!seen_) {
      log::info("repository read",
                {{"repository", settings_.name}, {"charts", charts}, {"bytes", bytes}});
    }
  } else {
    stats.unchanged.add();
    cache_.put_unchanged(settings_.name, clock_.wall_now());
  }
  if (seen_ && failures_ > 0) log::info("repository works again", {{"repository", settings_.name}});
  seen_ = true;
  failures_ = 0;
}

void ScanLoop::record_failure(const repository::ScanError& error, state::RepositoryStats& stats) {
  const std::string type(repository::scan_error_name(error.type));
  stats.errors.add();
  stats.errors_by_type[static_cast<std::size_t>(error.type)].add();
  cache_.put_failure(settings_.name, type, error.message, clock_.wall_now());
  if (failures_ == 0) {
    log::warn("repository cannot be read",
              {{"repository", settings_.name}, {"type", type}, {"error", error.message}});
  }
  ++failures_;
}

std::vector<state::RepositoryIdentity> identities(
    const std::vector<repository::RepositorySettings>& repositories) {
  std::vector<state::RepositoryIdentity> out;
  out.reserve(repositories.size());
  for (const auto& settings : repositories) {
    out.push_back({settings.name, std::string(repository::type_name(settings)),
                   repository::display_url(settings)});
  }
  return out;
}

}  // namespace

RepositoryScanner::RepositoryScanner(state::RepositoryCache& cache, const Clock& clock,
                                     CreateScan create)
    : cache_(cache), clock_(clock), create_(std::move(create)) {}

RepositoryScanner::~RepositoryScanner() {
  stop();
}

void RepositoryScanner::set_repositories(
    const std::vector<repository::RepositorySettings>& repositories) {
  LOOKOUT_CHECK(repositories.size() <= kRepositoriesMax);
  const auto unchanged =
      std::stable_partition(running_.begin(), running_.end(), [&](const Repository& running) {
        return std::find(repositories.begin(), repositories.end(), running.settings) !=
               repositories.end();
      });
  std::for_each(unchanged, running_.end(),
                [](Repository& leaving) { leaving.thread.request_stop(); });
  running_.erase(unchanged, running_.end());  // joins
  cache_.set_repositories(identities(repositories));
  for (const auto& settings : repositories) {
    const bool runs = std::any_of(running_.begin(), running_.end(), [&](const Repository& running) {
      return running.settings.name == settings.name;
    });
    if (!runs) start(settings);
  }
}

void RepositoryScanner::start(const repository::RepositorySettings& settings) {
  running_.push_back(
      {settings, start_thread("scan " + settings.name, [this, settings](std::stop_token stop) {
         ScanLoop(settings, cache_, clock_).run(create_(settings), std::move(stop));
       })});
}

void RepositoryScanner::stop() {
  for (Repository& running : running_) running.thread.request_stop();
  running_.clear();  // joins
}

}  // namespace lookout::controllers
