#include "src/web/catalog.hpp"

namespace lookout::web {

using helm::IndexedChart;

Catalog look(const CatalogSources& sources) {
  static const auto kNone = std::make_shared<const state::RepositorySnapshot>();
  Catalog catalog;
  catalog.chart_icons = sources.chart_icons;
  catalog.repositories = sources.repositories ? sources.repositories() : kNone;
  const auto matcher = sources.matcher ? sources.matcher() : nullptr;
  if (!sources.releases) return catalog;
  for (state::ReleasePtr& release : sources.releases()) {
    auto match = matcher == nullptr ? std::nullopt : matcher->match(*release);
    catalog.releases.push_back({std::move(release), std::move(match)});
  }
  return catalog;
}

std::vector<ListedChart> list_charts(const Catalog& catalog) {
  std::vector<ListedChart> charts;
  for (const state::RepositoryPtr& repository : *catalog.repositories) {
    if (repository->data == nullptr) continue;
    for (const IndexedChart& chart : repository->data->index.charts) {
      charts.push_back({repository.get(), &chart});
    }
  }
  return charts;
}

ChartUses::ChartUses(const Catalog& catalog) {
  for (const JoinedRelease& each : catalog.releases) {
    if (each.match) uses_[{each.match->repository, each.release->chart}].push_back(&each);
  }
}

const std::vector<const JoinedRelease*>& ChartUses::of(const ListedChart& chart) const {
  static const std::vector<const JoinedRelease*> kNone;
  const auto at = uses_.find({chart.repository->name, chart.chart->name});
  return at == uses_.end() ? kNone : at->second;
}

bool is_deprecated(const IndexedChart& chart) {
  return !chart.versions.empty() && state::newest(chart).deprecated;
}

}  // namespace lookout::web
