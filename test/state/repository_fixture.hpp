// Charts, indexes and matches for tests of repositories.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/state/release_matcher.hpp"
#include "lookout/state/repository_cache.hpp"

namespace lookout::state::test {

// REQUIRES: Helm reads `text`.
inline helm::ChartVersion version(std::string_view text) {
  helm::ChartVersion out;
  out.text = text;
  out.version = helm::parse_version(text).value();
  return out;
}

inline helm::IndexedChart chart(std::string name, std::initializer_list<std::string_view> texts) {
  std::vector<helm::ChartVersion> versions;
  for (const std::string_view text : texts) versions.push_back(version(text));
  helm::IndexedChart out = helm::make_indexed_chart(std::move(name), std::move(versions));
  out.listed.versions = texts.size();
  return out;
}

// REQUIRES: ascending by name.
inline helm::ChartIndex index(std::vector<helm::IndexedChart> charts) {
  helm::ChartIndex out;
  out.charts = std::move(charts);
  return out;
}

inline helm::ChartIndex web(std::initializer_list<std::string_view> texts) {
  return index({chart("web", texts)});
}

inline WallTime at(std::int64_t unix_seconds) {
  return WallTime{std::chrono::seconds(unix_seconds)};
}

inline RepositoryIdentity identity(std::string name, std::string type = "http") {
  std::string url = "https://" + name + ".example.com";
  return {std::move(name), std::move(type), std::move(url)};
}

// Repositories "a", "b" ... in that order, each with one index.
inline std::unique_ptr<RepositoryCache> repositories(std::vector<helm::ChartIndex> indexes) {
  auto cache = std::make_unique<RepositoryCache>();
  std::vector<RepositoryIdentity> identities;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    identities.push_back(identity(std::string(1, static_cast<char>('a' + i))));
  }
  cache->set_repositories(identities);
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    cache->put_success(identities[i].name, std::move(indexes[i]), 100, at(1));
  }
  return cache;
}

inline Release release(std::string_view chart_version, std::string_view chart = "web") {
  Release out;
  out.key = {"default", "foo"};
  out.has_chart_metadata = true;
  out.chart = chart;
  out.chart_version = chart_version;
  return out;
}

inline std::optional<ReleaseMatch> match(const RepositoryCache& cache, const Release& release,
                                         std::vector<Pin> pins = {}) {
  const auto once_held = [&](auto repository, auto name, auto text) {
    return cache.once_held(repository, name, text);
  };
  return ReleaseMatcher(cache.snapshot(), std::move(pins), once_held).match(release);
}

}  // namespace lookout::state::test
