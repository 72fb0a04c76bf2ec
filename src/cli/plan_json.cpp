#include <nlohmann/json.hpp>

#include "src/cli/plan_text.hpp"

namespace lookout::cli {
namespace {

using Json = nlohmann::ordered_json;

Json rows_of(const std::vector<PlannedRelease>& releases) {
  Json rows = Json::array();
  for (const PlannedRelease& each : releases) {
    rows.push_back({{"namespace", each.ns},
                    {"name", each.name},
                    {"revision", each.revision},
                    {"revisions", each.revisions},
                    {"stored_bytes", each.bytes == 0 ? Json() : Json(each.bytes)}});
  }
  return rows;
}

Json json_of(const ReleaseFigures& figures) {
  const bool sized = figures.sized > 0;
  return {{"namespaces", figures.namespaces},
          {"releases", figures.releases},
          {"revisions", figures.revisions},
          {"by_status", figures.by_status},
          {"undecodable", figures.undecodable},
          {"ignored_objects", figures.ignored_objects},
          {"payloads_read", figures.sized},
          {"current_bytes", sized ? Json(figures.current_bytes) : Json()},
          {"older_bytes_estimated", sized ? Json(figures.older_bytes) : Json()},
          {"near_limit", figures.near_limit},
          {"deployed_last_day", figures.deployed_last_day},
          {"deployed_last_week", figures.deployed_last_week},
          {"largest", rows_of(figures.largest)},
          {"longest", rows_of(figures.longest)}};
}

Json json_of(const ApiFigures& figures) {
  return {{"server", figures.server},         {"streams", figures.streams},
          {"start_seconds", figures.seconds}, {"start_requests", figures.requests},
          {"start_bytes", figures.bytes},     {"start_watch_bytes", figures.watch_bytes}};
}

Json rescan_json(Rescan rescan) {
  switch (rescan) {
    case Rescan::kUnchanged: return "unchanged";
    case Rescan::kReadAgain: return "read_again";
    case Rescan::kFailed: return "failed";
    case Rescan::kNotTried: return {};
  }
  return {};
}

Json json_of(const RepositoryFigures& figures) {
  Json out = {{"name", figures.name},
              {"type", figures.type},
              {"url", figures.url},
              {"error", figures.error.empty() ? Json() : Json(figures.error)},
              {"charts", figures.charts},
              {"versions", figures.versions},
              {"index_bytes", figures.index_bytes},
              {"scan_seconds", figures.scan_seconds},
              {"rescan", rescan_json(figures.rescan)},
              {"scans_a_day", figures.scans_a_day()},
              {"unchanged_bytes_a_day", figures.bytes_a_day()}};
  return out;
}

Json json_of(const PlanAdvice& advice) {
  return {{"cpu_request_millis", advice.cpu_request_millis},
          {"memory_request_mib", advice.memory_request_mib},
          {"memory_limit_mib", advice.memory_limit_mib},
          {"total_shards", advice.total_shards},
          {"max_series", advice.series_max}};
}

}  // namespace

std::string plan_json(const PlanReport& report, const PlanAdvice& advice) {
  Json repositories = Json::array();
  for (const RepositoryFigures& each : report.repositories) repositories.push_back(json_of(each));
  const ScrapeFigures& scrape = report.scrape;
  const ProcessFigures& process = report.process;
  const Json out = {{"shard", report.shard},
                    {"total_shards", report.total_shards},
                    {"releases", report.releases ? json_of(*report.releases) : Json()},
                    {"api_server", report.api ? json_of(*report.api) : Json()},
                    {"repositories", std::move(repositories)},
                    {"scrape",
                     {{"series", scrape.series},
                      {"release_series", scrape.release_series},
                      {"plain_bytes", scrape.plain_bytes},
                      {"gzip_bytes", scrape.gzip_bytes}}},
                    {"process",
                     {{"resident_bytes", process.resident_bytes},
                      {"peak_resident_bytes", process.peak_resident_bytes},
                      {"cpu_seconds", process.cpu_seconds},
                      {"wall_seconds", process.wall_seconds}}},
                    {"advice", report.missing_payloads > 0 ? Json() : json_of(advice)},
                    {"gaps", report.gaps}};
  // Names are hostile text: invalid UTF-8 becomes U+FFFD instead of an exception.
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lookout::cli
