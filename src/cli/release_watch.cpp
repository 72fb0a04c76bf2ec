#include "src/cli/release_watch.hpp"

#include <utility>

#include "lookout/base/log.hpp"

#include "src/cli/cluster.hpp"
#include "src/cli/release_options.hpp"

namespace lookout::cli {

std::optional<controllers::Readiness> ReleaseWatch::readiness() const {
  if (controller == nullptr) return std::nullopt;
  return controller->readiness();
}

Result<ReleaseWatch> create_release_watch(const Settings& settings, state::ReleaseCache& cache,
                                          const Clock& clock) {
  ReleaseWatch out;
  const bool watched = settings.releases != ReleasesMode::kOff;
  if (!watched && !settings.auth_filter) return out;
  auto client = connect_cluster(settings, clock);
  const bool optional = settings.releases == ReleasesMode::kAuto &&
                        !settings.repositories.empty() && !settings.auth_filter;
  if (!client && optional) {
    log::info("no cluster, repositories alone", {{"reason", client.error()}});
    return out;
  }
  if (!client) return client.error();
  out.client = std::move(*client);
  if (!watched) return out;
  out.controller = std::make_unique<controllers::ReleaseController>(*out.client, cache, clock,
                                                                    controller_options(settings));
  return out;
}

}  // namespace lookout::cli
