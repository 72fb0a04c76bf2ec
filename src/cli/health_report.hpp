// What /readyz says of releases and repositories together.
#pragma once

#include <optional>

#include "lookout/web/health.hpp"

#include "controllers/readiness.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

// The releases decide; repositories decide where there are no releases to watch: no cluster
// (nullopt), or with kAuto one that refuses every list. Pure.
web::HealthReport health_report(std::optional<controllers::Readiness> releases,
                                controllers::Readiness repositories, ReleasesMode mode);

}  // namespace lookout::cli
