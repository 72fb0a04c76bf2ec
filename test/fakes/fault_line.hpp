// A fault in words, for command lines and curl:
//
//   WHAT [contains=TEXT] [lacks=TEXT] [skip=N] [times=N|forever] EFFECT...
//   drop [fin|reset]     compact     rewind
//
// WHAT is any, get, list, watch, watchlist or other (requests to the API server), or repository
// (to the chart repositories). The words of effects are in README.md, one for each member of Fault.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"

#include "test/fakes/connection.hpp"
#include "test/fakes/faults.hpp"

namespace lookout::fakes {

struct FaultLine {
  enum class What {
    kCluster,     // for requests to the API server that match
    kRepository,  // for requests to the chart repositories that match
    kDrop,        // every connection ends, that way
    kCompact,     // the API server forgets its history
    kRewind,      // etcd restored from a backup: older state, older resourceVersion
  };
  What what = What::kCluster;
  RequestMatcher matcher;
  Fault fault;
  Hangup hangup = Hangup::kReset;
};

// kInvalid: which word is wrong, and why.
Result<FaultLine> parse_fault_line(std::string_view line);
// Lines end at ';' or a line break outside quotes; empty ones and those that begin with '#' are
// left out. All or none: the error names the line.
Result<std::vector<FaultLine>> parse_fault_script(std::string_view script);

}  // namespace lookout::fakes
