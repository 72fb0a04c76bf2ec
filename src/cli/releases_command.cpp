#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/log.hpp"
#include "lookout/state/release_cache.hpp"
#include "lookout/state/release_matcher.hpp"

#include "controllers/release_controller.hpp"
#include "src/cli/cluster.hpp"
#include "src/cli/commands.hpp"
#include "src/cli/release_options.hpp"
#include "src/cli/releases_text.hpp"
#include "src/cli/repository_scans.hpp"
#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kPoll = 20ms;
// A refusal is final at once; anything else may still come right.
constexpr auto kPatience = 15s;

class Progress {
 public:
  void show(std::size_t left) {
    if (!on_terminal_) return;
    std::fprintf(stderr, "\rreading releases, %zu payloads left \x1b[K", left);
    shown_ = true;
  }
  ~Progress() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }

 private:
  const bool on_terminal_ = isatty(STDERR_FILENO) == 1;
  bool shown_ = false;
};

// Only a refusal of everything is final at once: one namespace of several may be refused,
// and a 401 gets its second try with new credentials.
bool is_final(const controllers::Readiness& readiness) {
  return readiness.all_refused;
}

// What was left out of the answer, "" when nothing was.
std::string refusals(const controllers::Readiness& readiness) {
  for (const auto& check : readiness.checks) {
    if (!check.detail.empty()) return check.name + ": " + check.detail;
  }
  return "";
}

// Waits until everything has been read; "" or why it cannot be.
std::string wait_until_read(controllers::ReleaseController& controller,
                            const state::ReleaseCache& cache, const Clock& clock) {
  Progress progress;
  const MonoTime start = clock.now();
  for (;;) {
    const controllers::Readiness readiness = controller.readiness();
    const std::size_t left = cache.wanted_payloads();
    const bool out_of_patience = clock.now() - start > kPatience;
    if (readiness.ready && left == 0) return refusals(readiness);
    if (readiness.ready && out_of_patience && left > 0) {
      return std::to_string(left) + " payloads could not be read";
    }
    if (!readiness.ready && readiness.first_error && (is_final(readiness) || out_of_patience)) {
      return readiness.reason;
    }
    progress.show(left);
    clock.sleep(kPoll, {});
  }
}

// Waits until each repository was tried once; prints why one could not be read.
void wait_until_scanned(const state::RepositoryCache& cache, const Clock& clock) {
  const auto tried = [](const state::RepositoryPtr& each) {
    return each->last_attempt.has_value();
  };
  for (auto snapshot = cache.snapshot();; snapshot = cache.snapshot()) {
    if (std::all_of(snapshot->begin(), snapshot->end(), tried)) break;
    clock.sleep(kPoll, {});
  }
  for (const state::RepositoryPtr& each : *cache.snapshot()) {
    if (each->up) continue;
    std::fprintf(stderr, "helm-lookout: repository %s: %s: %s\n", each->name.c_str(),
                 each->last_error_type.c_str(), each->last_error.c_str());
  }
}

// A scan ends within its time-out, so this does.
ReleaseRows join_rows(const std::vector<state::ReleasePtr>& releases, const Settings& settings,
                      const Clock& clock) {
  ReleaseRows out;
  RepositoryScans scans(clock);
  std::unique_ptr<state::ReleaseMatcher> matcher;
  if (!settings.repositories.empty()) {
    scans.apply(settings);
    wait_until_scanned(scans.cache(), clock);
    scans.stop();
    const auto never = [](auto, auto, auto) { return false; };  // this process saw one scan alone
    matcher =
        std::make_unique<state::ReleaseMatcher>(scans.cache().snapshot(), settings.pins, never);
    out.joined = true;
  }
  for (const state::ReleasePtr& release : releases) {
    out.rows.push_back({release, matcher ? matcher->match(*release) : std::nullopt});
  }
  return out;
}

}  // namespace

int run_releases(const Settings& settings, OutputFormat output) {
  log::configure(std::max(settings.log_level, log::Level::kWarn), settings.log_format);
  const SystemClock clock;
  const auto client = connect_cluster(settings, clock);
  if (!client) {
    std::fprintf(stderr, "helm-lookout: %s\n", client.error().message.c_str());
    return 2;
  }
  state::ReleaseCache cache(cache_options(settings));
  controllers::ReleaseController controller(**client, cache, clock, controller_options(settings));
  controller.start();
  const std::string failure = wait_until_read(controller, cache, clock);
  controller.stop();
  // Past the delay after which a release is shown with what is known of it.
  const auto releases = cache.snapshot(clock.now() + state::ReleaseCacheOptions{}.publish_delay);
  if (!failure.empty()) std::fprintf(stderr, "helm-lookout: %s\n", failure.c_str());
  if (failure.empty() || !releases.empty()) {
    const ReleaseRows rows = join_rows(releases, settings, clock);
    const std::string text =
        output == OutputFormat::kJson ? releases_json(rows) + "\n" : releases_table(rows);
    if (!print(text)) return 1;
  }
  return failure.empty() ? 0 : 1;
}

}  // namespace lookout::cli
