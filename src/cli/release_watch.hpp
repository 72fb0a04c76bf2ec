// The releases of a cluster, as far as --releases wants them.
#pragma once

#include <memory>
#include <optional>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/kube/api_client.hpp"
#include "lookout/state/release_cache.hpp"

#include "controllers/release_controller.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

// Without `controller`: repositories alone; `client` is then there for --auth-filter, or null.
struct ReleaseWatch {
  std::unique_ptr<kube::ApiClient> client;
  std::unique_ptr<controllers::ReleaseController> controller;

  std::optional<controllers::Readiness> readiness() const;
};

// `cache` and `clock` outlive what is returned. kInvalid: no cluster, where one is needed: with
// --releases=on or --auth-filter, or with auto and no repositories.
Result<ReleaseWatch> create_release_watch(const Settings& settings, state::ReleaseCache& cache,
                                          const Clock& clock);

}  // namespace lookout::cli
