#include "src/cli/health_report.hpp"

#include <iterator>
#include <utility>

namespace lookout::cli {

web::HealthReport health_report(std::optional<controllers::Readiness> releases,
                                controllers::Readiness repositories, ReleasesMode mode) {
  const bool alone = !releases || (releases->all_refused && mode == ReleasesMode::kAuto);
  controllers::Readiness& decides = alone ? repositories : *releases;
  if (!alone) {
    // Shown beside the releases, without a say.
    for (auto& check : repositories.checks) check.ok = true;
    decides.checks.insert(decides.checks.end(),
                          std::make_move_iterator(repositories.checks.begin()),
                          std::make_move_iterator(repositories.checks.end()));
  }
  web::HealthReport report{decides.ready, std::move(decides.reason), {}};
  for (auto& check : decides.checks) {
    report.checks.push_back({std::move(check.name), check.ok, std::move(check.detail)});
  }
  return report;
}

}  // namespace lookout::cli
