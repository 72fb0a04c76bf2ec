#include <algorithm>
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
#include "src/cli/one_pass.hpp"
#include "src/cli/release_options.hpp"
#include "src/cli/releases_text.hpp"
#include "src/cli/repository_scans.hpp"
#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

void complain_of_failures(const state::RepositorySnapshot& repositories) {
  for (const state::RepositoryPtr& each : repositories) {
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
    complain_of_failures(*scans.cache().snapshot());
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
  ProgressLine progress;
  const std::string failure = wait_until_read(controller, cache, clock, [&](std::size_t left) {
    progress.show("reading releases, " + std::to_string(left) + " payloads left");
  });
  progress.clear();
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
