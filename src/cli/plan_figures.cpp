#include "src/cli/plan_figures.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "lookout/base/text.hpp"

namespace lookout::cli {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;

PlannedRelease planned(const state::Release& release) {
  return {release.key.ns, release.key.name, release.revision, release.revisions,
          release.storage_bytes.value_or(0)};
}

// The `top` first of `releases` by `order`; among equals as they came.
template <class Order>
std::vector<PlannedRelease> first_by(std::vector<PlannedRelease> releases, std::size_t top,
                                     Order order) {
  std::stable_sort(releases.begin(), releases.end(), order);
  if (releases.size() > top) releases.resize(top);
  return releases;
}

void add_storage(const state::Release& release, ReleaseFigures& out) {
  if (!release.storage_bytes) return;
  const std::uint64_t bytes = *release.storage_bytes;
  ++out.sized;
  out.current_bytes += bytes;
  out.older_bytes += bytes * (release.revisions - 1);
  if (static_cast<double>(bytes) > kStorageNearLimit * static_cast<double>(kStorageBytesMax)) {
    ++out.near_limit;
  }
}

void add_age(const state::Release& release, std::int64_t now, ReleaseFigures& out) {
  if (!release.updated_seconds) return;
  const std::int64_t age = now - *release.updated_seconds;
  if (age < kDaySeconds) ++out.deployed_last_day;
  if (age < 7 * kDaySeconds) ++out.deployed_last_week;
}

}  // namespace

std::uint64_t RepositoryFigures::scans_a_day() const {
  constexpr std::chrono::milliseconds kDay = std::chrono::hours(24);
  return interval.count() == 0 ? 0 : static_cast<std::uint64_t>(kDay / interval);
}

std::uint64_t RepositoryFigures::bytes_a_day() const {
  return rescan == Rescan::kUnchanged ? 0 : scans_a_day() * index_bytes;
}

ReleaseFigures release_figures(const std::vector<state::ReleasePtr>& releases, WallTime now,
                               std::size_t top) {
  ReleaseFigures out;
  std::set<std::string_view> namespaces;
  std::vector<PlannedRelease> all;
  const auto now_seconds = static_cast<std::int64_t>(unix_seconds(now));
  for (const state::ReleasePtr& release : releases) {
    namespaces.insert(release->key.ns);
    all.push_back(planned(*release));
    out.revisions += release->revisions;
    ++out.by_status[std::string(helm::status_name(release->status))];
    if (release->undecodable) ++out.undecodable;
    add_storage(*release, out);
    add_age(*release, now_seconds, out);
  }
  out.namespaces = namespaces.size();
  out.releases = releases.size();
  out.longest =
      first_by(all, top, [](const auto& a, const auto& b) { return a.revisions > b.revisions; });
  std::erase_if(all, [](const auto& release) { return release.bytes == 0; });
  out.largest =
      first_by(std::move(all), top, [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
  return out;
}

RepositoryFigures repository_figures(const state::Repository& repository,
                                     const Settings& settings) {
  RepositoryFigures out;
  out.name = repository.name;
  out.type = repository.type;
  out.url = repository.url;
  for (const repository::RepositorySettings& each : settings.repositories) {
    if (each.name == repository.name) out.interval = each.interval;
  }
  if (!repository.up) out.error = repository.last_error_type + ": " + repository.last_error;
  if (repository.data == nullptr) return out;
  out.index_bytes = repository.data->bytes;
  out.charts = repository.data->index.charts.size();
  for (const helm::IndexedChart& chart : repository.data->index.charts) {
    out.versions += chart.versions.size();
  }
  return out;
}

std::size_t count_series(const http::BodyChain& text) {
  std::size_t lines = 0;
  // A line may begin in one piece and end in another.
  char before = '\n';
  for (const auto& piece : text.pieces()) {
    for (const char c : *piece) {
      if (before == '\n' && c != '#' && c != '\n') ++lines;
      before = c;
    }
  }
  return lines;
}

std::uint64_t status_bytes(std::string_view status, std::string_view field) {
  for (const std::string_view line : split(status, '\n')) {
    if (!line.starts_with(field) || line.substr(field.size(), 1) != ":") continue;
    const std::string_view value = trim(line.substr(field.size() + 1));
    const auto kib = parse_number<std::uint64_t>(value.substr(0, value.find(' ')));
    return kib.value_or(0) * 1024;
  }
  return 0;
}

}  // namespace lookout::cli
