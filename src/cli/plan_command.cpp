#include <algorithm>
#include <cstdio>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/base/log.hpp"
#include "lookout/state/release_cache.hpp"

#include "src/cli/commands.hpp"
#include "src/cli/plan_advice.hpp"
#include "src/cli/plan_run.hpp"
#include "src/cli/plan_text.hpp"
#include "src/cli/release_options.hpp"
#include "src/cli/release_watch.hpp"
#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kBadUsage = 2;

// Something there is to plan for.
bool has_figures(const PlanReport& report, ReleasesMode mode) {
  if (report.releases || mode == ReleasesMode::kOn) return report.releases.has_value();
  return std::any_of(report.repositories.begin(), report.repositories.end(),
                     [](const RepositoryFigures& each) { return each.error.empty(); });
}

void complain_of_gaps(const PlanReport& report) {
  for (const std::string& gap : report.gaps) {
    std::fprintf(stderr, "helm-lookout: not read: %s\n", printable(gap).c_str());
  }
}

std::string rendered(const PlanReport& report, PlanOutput output) {
  const PlanAdvice advice = advise(report);
  switch (output) {
    case PlanOutput::kText: return plan_text(report, advice);
    case PlanOutput::kJson: return plan_json(report, advice) + "\n";
    case PlanOutput::kValues: return plan_values(report, advice);
  }
  return "";
}

}  // namespace

int run_plan(const Settings& settings, const PlanCommand& command) {
  log::configure(std::max(settings.log_level, log::Level::kError), settings.log_format);
  const SystemClock clock;
  state::ReleaseCache cache(cache_options(settings));
  auto releases = create_release_watch(settings, cache, clock);
  if (!releases) {
    std::fprintf(stderr, "helm-lookout: %s\n", releases.error().message.c_str());
    return kBadUsage;
  }
  const PlanReport report = run_once(settings, *releases, cache, command.top);
  const bool planned = has_figures(report, settings.releases);
  if (!planned || command.output != PlanOutput::kText) complain_of_gaps(report);
  const bool printed = planned && print(rendered(report, command.output));
  return printed && report.missing_payloads == 0 ? 0 : kFailed;
}

}  // namespace lookout::cli
