// Where the controller's own metrics come from: the stats of its parts.
#pragma once

#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/metrics/exposition.hpp"
#include "lookout/metrics/self_metrics.hpp"
#include "lookout/state/release_cache.hpp"

#include "src/cli/config_reload.hpp"
#include "src/cli/endpoint_security.hpp"
#include "src/cli/release_watch.hpp"
#include "src/cli/repository_scans.hpp"

namespace lookout::cli {

struct SelfParts {
  const Clock& clock;
  const state::ReleaseCache& cache;
  const ReleaseWatch& releases;
  const RepositoryScans& repositories;
  const ConfigReload& config;
  const metrics::Exposition& exposition;
  const EndpointSecurity& security;
  std::vector<metrics::SelfSources::Server> servers;
};

// Refers to the parts, which outlive what is made of it.
metrics::SelfSources self_sources(const SelfParts& parts);

}  // namespace lookout::cli
