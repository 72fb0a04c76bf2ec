// Whether what we serve is the truth yet, and if not, why: product.md's rule for /readyz.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/kube/reflector.hpp"

namespace lookout::controllers {

struct StreamReport {
  std::string ns;  // "" = the whole cluster
  kube::StreamStatus status;
};

struct Readiness {
  struct Check {
    std::string name;  // "releases", "namespace team-a", "payloads"
    bool ok = false;
    std::string detail;  // why not; may be set when ok as well
  };
  bool ready = false;
  std::string reason;                // one line; empty when ready
  bool all_refused = false;          // 403 or 404 everywhere: only a person can change that
  std::optional<Error> first_error;  // of the streams, when one has failed to sync
  std::string first_failed;          // the name of its check
  std::vector<Check> checks;
};

inline constexpr std::chrono::seconds kPayloadGrace{30};

// Every stream has synced or been refused, and at least one has synced; none are there when no
// namespace belongs to this shard.
bool streams_settled(const std::vector<StreamReport>& streams);

// `untried_payloads`: current payloads not tried once; `since_synced`: how long the streams
// have been settled, nullopt when they are not. Pure.
Readiness judge_readiness(const std::vector<StreamReport>& streams, std::size_t untried_payloads,
                          std::optional<Duration> since_synced);

}  // namespace lookout::controllers
