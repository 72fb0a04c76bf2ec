// One look at releases, repositories and what joins them, for one answer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/state/release.hpp"
#include "lookout/state/release_matcher.hpp"
#include "lookout/state/repository.hpp"
#include "lookout/web/catalog.hpp"

namespace lookout::web {

struct JoinedRelease {
  state::ReleasePtr release;
  std::optional<state::ReleaseMatch> match;
};

// A chart in its repository.
struct ListedChart {
  const state::Repository* repository;
  const helm::IndexedChart* chart;
};

struct Catalog {
  std::vector<JoinedRelease> releases;
  std::shared_ptr<const state::RepositorySnapshot> repositories;  // never null
  bool chart_icons = false;
};
Catalog look(const CatalogSources& sources);

// In the order of the settings, then by name. Refers to the catalog's repositories.
std::vector<ListedChart> list_charts(const Catalog& catalog);

// The releases that match a chart of a repository; refers to the catalog.
class ChartUses {
 public:
  explicit ChartUses(const Catalog& catalog);
  // Ordered by key.
  const std::vector<const JoinedRelease*>& of(const ListedChart& chart) const;

 private:
  using Key = std::pair<std::string_view, std::string_view>;  // repository, chart
  std::map<Key, std::vector<const JoinedRelease*>> uses_;
};

bool is_deprecated(const helm::IndexedChart& chart);  // by its newest version, as in the metrics

}  // namespace lookout::web
