// How the controller is set and what the server can do in one run, as its seed says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/cli/settings.hpp"
#include "test/fakes/fake_api_server.hpp"
#include "test/model/expectation.hpp"

namespace lookout::model {

struct Setup {
  std::string name;
  std::vector<std::string> namespaces;   // where things happen
  Scope scope;                           // what the controller is to see of it
  std::vector<cli::Settings> processes;  // one, or one a shard
  fakes::FakeApiServerOptions server;
  fakes::Fault always;    // what the server never learnt
  std::size_t crowd = 0;  // releases before it starts
};

Setup setup_of(std::uint64_t seed);
// JSON, for the log.
std::string to_json(const Setup& setup);

}  // namespace lookout::model
