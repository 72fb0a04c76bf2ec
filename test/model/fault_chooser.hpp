// Chooses what goes wrong between the controller and the API server. The same seed makes the same
// choices, whatever else happens meanwhile.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "test/fakes/connection.hpp"
#include "test/fakes/faults.hpp"
#include "test/model/chance.hpp"

namespace lookout::model {

struct ChosenFault {
  std::string line;  // JSON, for the log
  // For requests to come; or else the connections that are open now.
  fakes::RequestMatcher matcher;
  std::optional<fakes::Fault> fault;
  std::optional<fakes::Hangup> hangup;
  bool compact = false;  // the server forgets its history
  bool outage = false;   // the server is gone until things calm down
};

class FaultChooser {
 public:
  // `metadata`: that the server may forget how to answer metadata alone.
  FaultChooser(std::uint64_t seed, bool metadata) : chance_(seed), metadata_(metadata) {}

  ChosenFault choose();

 private:
  ChosenFault to_come();
  ChosenFault refusal();
  ChosenFault cut();
  ChosenFault odd_stream();
  ChosenFault canned();
  fakes::RequestMatcher some_requests();

  Chance chance_;
  const bool metadata_;
};

}  // namespace lookout::model
