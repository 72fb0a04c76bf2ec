// What tests of sources share: scripted peers by origin, a clock that stands still, settings.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lookout/repository/scan.hpp"

#include "test/fakes/scripted_transport.hpp"
#include "test/kube/manual_clock.hpp"

namespace lookout::repository {

// A factory of transports that follow scripts: one an origin ("https://host:443"), which lives
// as long as this. An origin nobody scripted refuses to connect.
class ScriptedPeers {
 public:
  fakes::ScriptedTransport& at(const std::string& origin);
  http::TransportFactory factory();
  // Of all transports made, in order.
  const std::vector<http::TransportOptions>& made() const { return made_; }
  // Requests made to an origin; 0 when it was never scripted.
  std::size_t requests_to(const std::string& origin) const;

 private:
  std::map<std::string, std::unique_ptr<fakes::ScriptedTransport>> peers_;
  std::vector<http::TransportOptions> made_;
};

struct ScanFixture {
  ScriptedPeers peers;
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
