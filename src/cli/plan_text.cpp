#include "src/cli/plan_text.hpp"

#include <array>
#include <cstdio>
#include <vector>

#include "lookout/kube/reflector.hpp"

#include "src/cli/table.hpp"

namespace lookout::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// A server sends one a minute on a quiet watch.
constexpr std::uint64_t kBookmarksAnHour = 60;
// What Helm writes at an upgrade that works: the new revision as pending and again as deployed, the
// old one as superseded, and the oldest goes.
constexpr std::uint64_t kEventsADeployment = 4;
// The new revision's, as pending and as deployed.
constexpr std::uint64_t kPayloadsADeployment = 2;

std::string fixed(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return fixed(ratio(part, whole) * 100, 0) + " %";
}

std::string section(const std::string& title, const Rows& rows) {
  return rows.empty() ? "" : title + "\n" + render_table(rows) + "\n";
}

std::string statuses(const ReleaseFigures& releases) {
  std::string text;
  for (const auto& [status, count] : releases.by_status) {
    text += (text.empty() ? ": " : ", ") + count_text(count) + " " + status;
  }
  return text;
}

Rows storage_rows(const ReleaseFigures& releases) {
  if (releases.sized == 0) return {{"stored", "not known: no payload was read"}};
  Rows rows = {{"stored, current", bytes_text(releases.current_bytes) + " in " +
                                       count_text(releases.sized) + " releases"},
               {"stored, older",
                "about " + bytes_text(releases.older_bytes) + ", " +
                    percent(releases.older_bytes, releases.older_bytes + releases.current_bytes) +
                    " of all, if each is as large as the current one"}};
  if (releases.near_limit > 0) {
    rows.push_back({"near the limit", count_text(releases.near_limit) + " above " +
                                          fixed(kStorageNearLimit * 100, 0) +
                                          " % of 1 MiB: Helm soon cannot upgrade"});
  }
  return rows;
}

std::string release_section(const ReleaseFigures& releases) {
  Rows rows = {
      {"namespaces", count_text(releases.namespaces)},
      {"releases", count_text(releases.releases) + statuses(releases)},
      {"revisions", count_text(releases.revisions) + ", " +
                        fixed(ratio(releases.revisions, releases.releases), 1) + " a release"},
      {"undecodable", count_text(releases.undecodable)},
      {"ignored objects", count_text(releases.ignored_objects)}};
  for (auto& row : storage_rows(releases)) rows.push_back(std::move(row));
  rows.push_back({"deployed", count_text(releases.deployed_last_day) + " in the last day, " +
                                  count_text(releases.deployed_last_week) +
                                  " in the last seven (each release counted once)"});
  return section("RELEASES", rows);
}

std::string largest_section(const ReleaseFigures& releases) {
  if (releases.largest.empty()) return "";
  Rows rows = {{"NAMESPACE", "NAME", "REVISION", "STORED", "OF 1 MiB"}};
  for (const PlannedRelease& each : releases.largest) {
    rows.push_back({printable(each.ns), printable(each.name), std::to_string(each.revision),
                    bytes_text(each.bytes), percent(each.bytes, kStorageBytesMax)});
  }
  return section("LARGEST RELEASES", rows);
}

std::string longest_section(const ReleaseFigures& releases) {
  if (releases.longest.empty()) return "";
  Rows rows = {{"NAMESPACE", "NAME", "REVISIONS"}};
  for (const PlannedRelease& each : releases.longest) {
    rows.push_back({printable(each.ns), printable(each.name), std::to_string(each.revisions)});
  }
  return section("LONGEST HISTORIES", rows);
}

// One deployment in metadata and payloads, by the means of what was read.
std::uint64_t deployment_bytes(const ApiFigures& api, const ReleaseFigures& releases) {
  const double object = ratio(api.watch_bytes, releases.revisions);
  const double payload = ratio(releases.current_bytes, releases.sized);
  return static_cast<std::uint64_t>(object * kEventsADeployment + payload * kPayloadsADeployment);
}

std::string api_section(const PlanReport& report) {
  if (!report.api) return "";
  const ApiFigures& api = *report.api;
  constexpr auto kWatchMean = (kube::kWatchTimeMin + kube::kWatchTimeMax) / 2;
  const auto watches = static_cast<std::uint64_t>(std::chrono::hours(1) / kWatchMean);
  Rows rows = {
      {"server", printable(api.server)},
      {"at the start", count_text(api.requests) + " requests, " + bytes_text(api.bytes) +
                           " received in " + fixed(api.seconds, 2) +
                           " s (metadata by watch: " + bytes_text(api.watch_bytes) + ")"},
      {"steady, an hour", "about " + count_text(watches * api.streams) + " requests and " +
                              count_text(kBookmarksAnHour * api.streams) +
                              " bookmarks (open watches: " + count_text(api.streams) + ")"}};
  if (report.releases && report.releases->releases > 0) {
    rows.push_back(
        {"a deployment", std::to_string(kEventsADeployment) + " watch events and " +
                             std::to_string(report.releases->sized > 0 ? kPayloadsADeployment : 0) +
                             " reads of a payload, about " +
                             bytes_text(deployment_bytes(api, *report.releases))});
  }
  return section("API SERVER", rows);
}

std::string rescan_text(const RepositoryFigures& repository) {
  switch (repository.rescan) {
    case Rescan::kUnchanged: return "nothing";
    case Rescan::kReadAgain: return "all of it";
    case Rescan::kFailed: return "an error";
    case Rescan::kNotTried: return "";
  }
  return "";
}

std::string repository_section(const std::vector<RepositoryFigures>& repositories) {
  if (repositories.empty()) return "";
  Rows rows = {{"NAME", "TYPE", "CHARTS", "VERSIONS", "INDEX", "SCAN", "UNCHANGED BRINGS",
                "SCANS A DAY", "AT MOST A DAY"}};
  for (const RepositoryFigures& each : repositories) {
    if (!each.error.empty() && each.charts == 0) {
      rows.push_back({printable(each.name), each.type, "not read"});
      continue;
    }
    rows.push_back(
        {printable(each.name), each.type, count_text(each.charts), count_text(each.versions),
         bytes_text(each.index_bytes), fixed(each.scan_seconds, 3) + " s", rescan_text(each),
         count_text(each.scans_a_day()), bytes_text(each.scans_a_day() * each.index_bytes)});
  }
  return section("REPOSITORIES", rows);
}

std::string measured_section(const PlanReport& report) {
  const ProcessFigures& process = report.process;
  const ScrapeFigures& scrape = report.scrape;
  return section(
      "THIS PROCESS, MEASURED",
      {{"resident memory",
        mib_text(process.resident_bytes) + ", peak " + mib_text(process.peak_resident_bytes)},
       {"CPU", fixed(process.cpu_seconds, 2) + " s in " + fixed(process.wall_seconds, 2) + " s"},
       {"scrape", count_text(scrape.series) + " series, " + bytes_text(scrape.plain_bytes) +
                      " plain, " + bytes_text(scrape.gzip_bytes) + " gzip"}});
}

std::string gap_section(const PlanReport& report) {
  std::string text;
  for (const std::string& gap : report.gaps) text += printable(gap) + "\n";
  return text.empty() ? "" : "NOT READ\n" + text + "\n";
}

}  // namespace

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array kUnits = {" B", " kB", " MB", " GB", " TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  // What would be shown as 1000 of a unit is 1 of the next.
  for (; unit + 1 < kUnits.size() && value >= (unit == 0 ? 1000 : 999.95); ++unit) value /= 1000;
  return fixed(value, unit == 0 ? 0 : 1) + kUnits[unit];
}

std::string mib_text(std::uint64_t bytes) {
  return fixed(static_cast<double>(bytes) / (1U << 20), 1) + " MiB";
}

std::string count_text(std::uint64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string plan_text(const PlanReport& report, const PlanAdvice& advice) {
  std::string text;
  if (report.total_shards > 1) {
    text += "SHARD " + std::to_string(report.shard) + " OF " + std::to_string(report.total_shards) +
            " (counted from 0)\n\n";
  }
  if (report.releases) {
    text += release_section(*report.releases) + largest_section(*report.releases) +
            longest_section(*report.releases);
  }
  return text + api_section(report) + repository_section(report.repositories) +
         measured_section(report) + gap_section(report) + "VALUES FOR THE CHART\n" +
         plan_values(report, advice);
}

}  // namespace lookout::cli
