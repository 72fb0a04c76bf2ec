// What `helm-lookout plan` found, and what it advises; plain values that plan_text.hpp renders.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lookout/helm/secret_meta.hpp"

namespace lookout::cli {

// What the API server takes at most as a Secret's or ConfigMap's values; past kStorageNearLimit
// of it Helm will soon fail to upgrade the release.
inline constexpr std::uint64_t kStorageBytesMax = 1U << 20;
inline constexpr double kStorageNearLimit = 0.9;

struct PlannedRelease {
  std::string ns;
  std::string name;
  helm::Revision revision = 0;
  std::uint32_t revisions = 0;  // stored
  std::uint64_t bytes = 0;      // of the current one; 0: not known
};

struct ReleaseFigures {
  std::size_t namespaces = 0;
  std::size_t releases = 0;
  std::size_t revisions = 0;
  std::map<std::string, std::size_t> by_status;
  std::uint64_t ignored_objects = 0;  // typed as Helm's, but the name is no revision's
  std::size_t undecodable = 0;
  std::size_t sized = 0;              // releases whose payload was read
  std::uint64_t current_bytes = 0;    // of those
  std::uint64_t older_bytes = 0;      // an estimate: older revisions, each as large as the current
  std::size_t near_limit = 0;         // releases past kStorageNearLimit
  std::size_t deployed_last_day = 0;  // releases whose current revision is that young
  std::size_t deployed_last_week = 0;
  std::vector<PlannedRelease> largest;  // most bytes first
  std::vector<PlannedRelease> longest;  // most revisions first
};

// What the API server was asked while everything was read, and will be asked from then on.
struct ApiFigures {
  std::string server;
  std::size_t streams = 0;
  double seconds = 0;  // until all releases were read
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;        // received
  std::uint64_t watch_bytes = 0;  // of these, metadata in watch streams
};

enum class Rescan { kNotTried, kUnchanged, kReadAgain, kFailed };

struct RepositoryFigures {
  std::string name;
  std::string type;
  std::string url;
  std::string error;  // "" when it was read
  std::uint64_t index_bytes = 0;
  std::size_t charts = 0;
  std::size_t versions = 0;
  double scan_seconds = 0;
  Rescan rescan = Rescan::kNotTried;  // what a second scan right after the first one brought
  std::chrono::milliseconds interval{0};

  // Scans a day at the interval; 0 when it is scanned once.
  std::uint64_t scans_a_day() const;
  // At that interval, if the index never changes.
  std::uint64_t bytes_a_day() const;
};

struct ScrapeFigures {
  std::size_t series = 0;          // all but the process' own
  std::size_t release_series = 0;  // of these, what --max-series counts
  std::size_t plain_bytes = 0;
  std::size_t gzip_bytes = 0;
};

// Of this very process, which did all that the controller does until its first scrape.
struct ProcessFigures {
  std::uint64_t resident_bytes = 0;       // VmRSS, everything loaded and rendered
  std::uint64_t peak_resident_bytes = 0;  // VmHWM
  double cpu_seconds = 0;
  double wall_seconds = 0;
};

struct PlanAdvice {
  std::uint32_t cpu_request_millis = 0;
  std::uint32_t memory_request_mib = 0;
  std::uint32_t memory_limit_mib = 0;
  std::uint32_t total_shards = 1;
  std::size_t series_max = 0;  // for whoever wants a bound on what is served
};

struct PlanReport {
  std::optional<ReleaseFigures> releases;  // none: repositories alone, or no list came through
  std::optional<ApiFigures> api;
  std::vector<RepositoryFigures> repositories;
  ScrapeFigures scrape;
  ProcessFigures process;
  std::uint32_t total_shards = 1;  // of the settings; above 1 this report is of one shard
  std::uint32_t shard = 0;
  std::vector<std::string> gaps;  // what could not be read: a line each
  // Of current revisions, when reading ended. Above 0 the measured figures are too small to advise
  // resources by.
  std::size_t missing_payloads = 0;
};

}  // namespace lookout::cli
