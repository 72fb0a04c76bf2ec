// Repositories and releases for tests of pages and the API.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lookout/web/catalog.hpp"

#include "src/web/catalog.hpp"

namespace lookout::web::test {

inline helm::ChartVersion version(std::string text,
                                  std::optional<std::int64_t> created = std::nullopt) {
  return {text, *helm::parse_version(text), "app-" + text, created, false};
}

inline helm::IndexedChart chart(std::string name, std::vector<helm::ChartVersion> versions) {
  return {std::move(name), std::move(versions), {}, {}};
}

// Read at 2023-11-14T22:13:20Z.
inline std::shared_ptr<state::Repository> repository(std::string name,
                                                     std::vector<helm::IndexedChart> charts) {
  auto made = std::make_shared<state::Repository>();
  made->name = std::move(name);
  made->type = "http";
  made->url = "https://charts.example.org";
  made->up = true;
  made->last_attempt = made->last_success = WallTime(std::chrono::seconds(1'700'000'000));
  auto data = std::make_shared<state::RepositoryIndex>();
  data->index.charts = std::move(charts);
  data->bytes = 512;
  made->data = std::move(data);
  return made;
}

// "namespace/name" running a version of a chart.
inline state::ReleasePtr release(std::string ns, std::string name, std::string chart,
                                 std::string chart_version) {
  auto made = std::make_shared<state::Release>();
  made->key = {std::move(ns), std::move(name)};
  made->revision = 1;
  made->revisions = 1;
  made->status = helm::Status::kDeployed;
  made->has_chart_metadata = true;
  made->chart = std::move(chart);
  made->chart_version = std::move(chart_version);
  return made;
}

inline CatalogSources catalog_sources(state::RepositorySnapshot repositories,
                                      std::vector<state::ReleasePtr> releases = {}) {
  const auto snapshot = std::make_shared<const state::RepositorySnapshot>(std::move(repositories));
  const auto matcher = std::make_shared<const state::ReleaseMatcher>(
      snapshot, std::vector<state::Pin>(), [](auto, auto, auto) { return false; });
  return {[releases = std::move(releases)] { return releases; }, [snapshot] { return snapshot; },
          [matcher] { return matcher; }, false};
}

}  // namespace lookout::web::test
