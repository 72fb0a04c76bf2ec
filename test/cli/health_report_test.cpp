#include "src/cli/health_report.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::cli;
using controllers::Readiness;

namespace {

Readiness readiness(std::string name, bool ready) {
  Readiness out;
  out.ready = ready;
  out.reason = ready ? "" : name + ": not yet";
  out.checks = {{name, ready, ready ? "" : "not yet"}};
  return out;
}

Readiness refused() {
  Readiness out = readiness("releases", false);
  out.all_refused = true;
  return out;
}

}  // namespace

TEST_CASE("health report: releases decide, repositories are shown beside them") {
  const auto report = health_report(readiness("releases", true), readiness("repository a", false),
                                    ReleasesMode::kOn);
  CHECK(report.ready);
  CHECK(report.checks ==
        std::vector<web::HealthCheck>{{"releases", true, ""}, {"repository a", true, "not yet"}});
  CHECK_FALSE(health_report(readiness("releases", false), readiness("repository a", true),
                            ReleasesMode::kAuto)
                  .ready);
}

TEST_CASE("health report: without a cluster the repositories decide") {
  const auto waiting =
      health_report(std::nullopt, readiness("repository a", false), ReleasesMode::kOff);
  CHECK_FALSE(waiting.ready);
  CHECK(waiting.reason == "repository a: not yet");
  CHECK(health_report(std::nullopt, readiness("repository a", true), ReleasesMode::kAuto).ready);
}

TEST_CASE("health report: a cluster that refuses every list is none, if that was allowed") {
  CHECK(health_report(refused(), readiness("repository a", true), ReleasesMode::kAuto).ready);
  CHECK_FALSE(health_report(refused(), readiness("repository a", true), ReleasesMode::kOn).ready);
}
