// The families of releases joined with repositories, as rows of release_families().
#pragma once

#include <span>

#include "src/metrics/release_families.hpp"

namespace lookout::metrics {

std::span<const ReleaseFamily> join_families();

}  // namespace lookout::metrics
