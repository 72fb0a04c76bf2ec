// Requests to S3, and how fresh what they brought is.
#include "src/metrics/self_families.hpp"

namespace lookout::metrics {
namespace {

void collect_indexes(const state::RepositorySnapshot& repositories, WallTime now,
                     FamilyList& families) {
  const auto add = [&](std::string_view name, std::string_view help, auto value_of) {
    families.open(name, help, FamilyType::kGauge);
    for (const state::RepositoryPtr& repository : repositories) {
      if (repository->type != "s3" || !repository->data || !repository->last_success) continue;
      families.add(value_of(*repository), {{"repository", repository->name}});
    }
  };
  add("helm_lookout_s3_index_age_seconds", "Seconds since the index was last known to be current",
      [&](const state::Repository& repository) {
        return std::chrono::duration<double>(now - *repository.last_success).count();
      });
  add("helm_lookout_s3_index_charts", "Charts in the index",
      [](const state::Repository& repository) {
        return static_cast<double>(repository.data->index.charts.size());
      });
}

}  // namespace

void collect_repositories(const SelfSources& sources, FamilyList& families) {
  if (sources.scans != nullptr) {
    families
        .open("helm_lookout_s3_requests_total", "Requests to S3, by status code and operation",
              FamilyType::kCounter)
        .add(sources.scans->s3_requests, {"code", "op"});
  }
  if (sources.repositories != nullptr && sources.clock != nullptr) {
    collect_indexes(*sources.repositories->snapshot(), sources.clock->wall_now(), families);
  }
}

}  // namespace lookout::metrics
