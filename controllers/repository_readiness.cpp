#include "controllers/repository_readiness.hpp"

#include <algorithm>
#include <utility>

namespace lookout::controllers {

Readiness judge_repositories(const state::RepositorySnapshot& repositories) {
  Readiness out;
  for (const state::RepositoryPtr& repository : repositories) {
    Readiness::Check check{"repository " + repository->name, repository->last_attempt.has_value(),
                           repository->last_error};
    if (!check.ok) check.detail = "first scan is under way";
    if (!check.ok && out.reason.empty()) out.reason = check.name + ": " + check.detail;
    out.checks.push_back(std::move(check));
  }
  out.ready = out.reason.empty();
  return out;
}

}  // namespace lookout::controllers
