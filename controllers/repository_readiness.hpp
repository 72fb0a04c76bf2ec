// Whether repositories have been looked at, for /readyz of a program that shows nothing else.
#pragma once

#include "lookout/state/repository.hpp"

#include "controllers/readiness.hpp"

namespace lookout::controllers {

// Ready once the first scan of each has ended, well or not: one that is down must be seen to be.
// A check "repository NAME" each. Pure.
Readiness judge_repositories(const state::RepositorySnapshot& repositories);

}  // namespace lookout::controllers
