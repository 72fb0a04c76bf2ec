// A plan with everything in it, for tests of what is printed.
#pragma once

#include "src/cli/plan_report.hpp"

namespace lookout::cli::test {

inline ReleaseFigures sample_releases() {
  ReleaseFigures out;
  out.namespaces = 12;
  out.releases = 1'200;
  out.revisions = 9'600;
  out.by_status = {{"deployed", 1'197}, {"failed", 3}};
  out.ignored_objects = 2;
  out.undecodable = 1;
  out.sized = 1'200;
  out.current_bytes = 150'000'000;
  out.older_bytes = 1'050'000'000;
  out.near_limit = 1;
  out.deployed_last_day = 40;
  out.deployed_last_week = 300;
  out.largest = {{"monitoring", "stack", 17, 10, 1'000'000}, {"shop", "web", 4, 4, 52'429}};
  out.longest = {{"monitoring", "stack", 17, 10, 1'000'000}};
  return out;
}

inline RepositoryFigures sample_repository() {
  RepositoryFigures out;
  out.name = "team";
  out.type = "s3";
  out.url = "s3://charts/index.yaml";
  out.index_bytes = 2'500'000;
  out.charts = 80;
  out.versions = 2'345;
  out.scan_seconds = 0.25;
  out.rescan = Rescan::kUnchanged;
  out.interval = std::chrono::minutes(5);
  return out;
}

inline PlanReport sample_report() {
  PlanReport out;
  out.releases = sample_releases();
  out.api = ApiFigures{"127.0.0.1:6443", 1, 1.25, 3, 160'000'000, 9'600'000};
  RepositoryFigures broken;
  broken.name = "gone";
  broken.type = "http";
  broken.url = "https://charts.example.org";
  broken.error = "not_found: HTTP status 404";
  broken.interval = std::chrono::minutes(5);
  out.repositories = {sample_repository(), broken};
  out.scrape = {16'000, 14'400, 1'440'000, 64'000};
  out.process = {24U << 20U, 32U << 20U, 0.9, 2.5};
  out.gaps = {"namespace team-b: secrets is forbidden", "repository gone: HTTP status 404"};
  return out;
}

}  // namespace lookout::cli::test
