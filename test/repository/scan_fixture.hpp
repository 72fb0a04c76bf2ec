// What tests of sources share: scripted peers by origin, a clock that stands still, settings.
#pragma once

#include <string>
#include <vector>

#include "lookout/repository/scan.hpp"

#include "test/fakes/scripted_factory.hpp"
#include "test/kube/manual_clock.hpp"

namespace lookout::repository {

struct ScanFixture {
  fakes::ScriptedFactory peers;
  kube::ManualClock clock;
  ScanStats stats;
  aws::Environment environment;

  ScanContext context() { return {peers.factory(), clock, environment, stats}; }
};

// A small index with that many versions of one chart.
std::string index_text(int versions = 1);

fakes::ScriptedResponse answer(int status, http::Headers headers = {},
                               std::vector<std::string> body = {});
fakes::ScriptedResponse index_answer(http::Headers headers = {});

// "" when absent.
std::string header(const http::Request& request, std::string_view name);

// Fail the test when the outcome is another.
ScanData data_of(ScanOutcome outcome);
ScanError error_of(ScanOutcome outcome);

}  // namespace lookout::repository
