#include "src/web/api.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <vector>

#include "lookout/encoding/time.hpp"

#include "src/web/api_table.hpp"
#include "src/web/catalog.hpp"

namespace lookout::web {
namespace {

template <class N>
ApiValue number(N value) {
  return static_cast<std::int64_t>(value);
}

template <class N>
ApiValue number_or_null(const std::optional<N>& value) {
  return value ? number(*value) : ApiValue();
}

ApiValue text(std::string_view value) {
  return std::string(value);
}

ApiValue time_or_null(const std::optional<std::int64_t>& unix_seconds) {
  return unix_seconds ? ApiValue(encoding::format_rfc3339(*unix_seconds)) : ApiValue();
}

ApiValue time_or_null(const std::optional<WallTime>& time) {
  if (!time) return {};
  return encoding::format_rfc3339(
      std::chrono::floor<std::chrono::seconds>(*time).time_since_epoch().count());
}

// Null where no repository knows the chart.
template <class Read>
ApiValue of_match(const JoinedRelease& joined, Read read) {
  return joined.match ? ApiValue(read(*joined.match)) : ApiValue();
}

// Null where Helm cannot read the installed version either.
template <class Read>
ApiValue of_comparison(const JoinedRelease& joined, Read read) {
  return joined.match && joined.match->comparable ? ApiValue(read(*joined.match)) : ApiValue();
}

using J = const JoinedRelease&;
using M = const state::ReleaseMatch&;

// The names are those of `helm-lookout releases -o json`.
constexpr std::array kReleaseColumns = {
    ApiColumn<JoinedRelease>{"namespace", [](J j) { return text(j.release->key.ns); }},
    ApiColumn<JoinedRelease>{"name", [](J j) { return text(j.release->key.name); }},
    ApiColumn<JoinedRelease>{"revision", [](J j) { return number(j.release->revision); }},
    ApiColumn<JoinedRelease>{"status", [](J j) { return text(status_name(j.release->status)); }},
    ApiColumn<JoinedRelease>{"chart", [](J j) { return text(j.release->chart); }},
    ApiColumn<JoinedRelease>{"chart_version", [](J j) { return text(j.release->chart_version); }},
    ApiColumn<JoinedRelease>{"app_version", [](J j) { return text(j.release->app_version); }},
    ApiColumn<JoinedRelease>{"updated",
                             [](J j) { return time_or_null(j.release->updated_seconds); }},
    ApiColumn<JoinedRelease>{"deployed_revision",
                             [](J j) { return number_or_null(j.release->deployed_revision); }},
    ApiColumn<JoinedRelease>{"revisions", [](J j) { return number(j.release->revisions); }},
    ApiColumn<JoinedRelease>{"storage_bytes",
                             [](J j) { return number_or_null(j.release->storage_bytes); }},
    ApiColumn<JoinedRelease>{"undecodable",
                             [](J j) {
                               const auto& reason = j.release->undecodable;
                               return reason ? text(undecodable_reason(*reason)) : ApiValue();
                             }},
    ApiColumn<JoinedRelease>{"repository",
                             [](J j) { return of_match(j, [](M m) { return m.repository; }); }},
    ApiColumn<JoinedRelease>{"latest_version",
                             [](J j) { return of_match(j, [](M m) { return m.latest_version; }); }},
    ApiColumn<JoinedRelease>{
        "versions_behind",
        [](J j) { return of_comparison(j, [](M m) { return number(m.versions_behind); }); }},
    ApiColumn<JoinedRelease>{"outdated",
                             [](J j) { return of_comparison(j, [](M m) { return m.outdated; }); }},
    ApiColumn<JoinedRelease>{
        "missing", [](J j) { return of_comparison(j, [](M m) { return m.chart_missing; }); }},
    ApiColumn<JoinedRelease>{
        "deprecated", [](J j) { return of_match(j, [](M m) { return m.chart_deprecated; }); }},
};

struct RepositoryRow {
  const state::Repository* repository;
  std::size_t versions = 0;
};
using R = const RepositoryRow&;

ApiValue of_data(R r, std::size_t (*count)(R)) {
  return r.repository->data == nullptr ? ApiValue() : number(count(r));
}

constexpr std::array kRepositoryColumns = {
    ApiColumn<RepositoryRow>{"name", [](R r) { return text(r.repository->name); }},
    ApiColumn<RepositoryRow>{"type", [](R r) { return text(r.repository->type); }},
    ApiColumn<RepositoryRow>{"url", [](R r) { return text(r.repository->url); }},
    ApiColumn<RepositoryRow>{"up", [](R r) { return ApiValue(r.repository->up); }},
    ApiColumn<RepositoryRow>{"error_type", [](R r) { return text(r.repository->last_error_type); }},
    ApiColumn<RepositoryRow>{"error", [](R r) { return text(r.repository->last_error); }},
    ApiColumn<RepositoryRow>{"last_attempt",
                             [](R r) { return time_or_null(r.repository->last_attempt); }},
    ApiColumn<RepositoryRow>{"last_success",
                             [](R r) { return time_or_null(r.repository->last_success); }},
    ApiColumn<RepositoryRow>{"charts",
                             [](R r) {
                               return of_data(
                                   r, [](R x) { return x.repository->data->index.charts.size(); });
                             }},
    ApiColumn<RepositoryRow>{"versions",
                             [](R r) { return of_data(r, [](R x) { return x.versions; }); }},
    ApiColumn<RepositoryRow>{"index_bytes",
                             [](R r) {
                               return of_data(r, [](R x) {
                                 return static_cast<std::size_t>(x.repository->data->bytes);
                               });
                             }},
};

struct ChartRow {
  ListedChart listed;
  std::size_t releases = 0;
  std::size_t outdated = 0;
};
using C = const ChartRow&;

constexpr std::array kChartColumns = {
    ApiColumn<ChartRow>{"repository", [](C c) { return text(c.listed.repository->name); }},
    ApiColumn<ChartRow>{"name", [](C c) { return text(c.listed.chart->name); }},
    ApiColumn<ChartRow>{"description", [](C c) { return text(c.listed.chart->about.description); }},
    ApiColumn<ChartRow>{"latest_version",
                        [](C c) {
                          const auto* const latest = state::latest_stable(*c.listed.chart);
                          return latest == nullptr ? ApiValue() : text(latest->text);
                        }},
    ApiColumn<ChartRow>{"app_version",
                        [](C c) {
                          const auto* const latest = state::latest_stable(*c.listed.chart);
                          return latest == nullptr ? ApiValue() : text(latest->app_version);
                        }},
    ApiColumn<ChartRow>{"versions", [](C c) { return number(c.listed.chart->versions.size()); }},
    ApiColumn<ChartRow>{
        "newest", [](C c) { return time_or_null(state::newest_created_seconds(*c.listed.chart)); }},
    ApiColumn<ChartRow>{"deprecated", [](C c) { return ApiValue(is_deprecated(*c.listed.chart)); }},
    ApiColumn<ChartRow>{"releases", [](C c) { return number(c.releases); }},
    ApiColumn<ChartRow>{"outdated_releases", [](C c) { return number(c.outdated); }},
};

}  // namespace

Result<std::string> releases_json(const CatalogSources& sources, std::string_view query) {
  const Catalog catalog = look(sources);
  return answer_json(make_api_table(catalog.releases, kReleaseColumns), query);
}

Result<std::string> repositories_json(const CatalogSources& sources, std::string_view query) {
  const Catalog catalog = look(sources);
  std::vector<RepositoryRow> rows;
  for (const state::RepositoryPtr& repository : *catalog.repositories) {
    RepositoryRow row{repository.get(), 0};
    if (repository->data != nullptr) {
      for (const auto& chart : repository->data->index.charts)
        row.versions += chart.versions.size();
    }
    rows.push_back(row);
  }
  return answer_json(make_api_table(rows, kRepositoryColumns), query);
}

Result<std::string> charts_json(const CatalogSources& sources, std::string_view query) {
  const Catalog catalog = look(sources);
  const ChartUses uses(catalog);
  std::vector<ChartRow> rows;
  for (const ListedChart& chart : list_charts(catalog)) {
    const auto& used = uses.of(chart);
    const auto outdated = std::count_if(
        used.begin(), used.end(), [](const JoinedRelease* each) { return each->match->outdated; });
    rows.push_back({chart, used.size(), static_cast<std::size_t>(outdated)});
  }
  return answer_json(make_api_table(rows, kChartColumns), query);
}

}  // namespace lookout::web
