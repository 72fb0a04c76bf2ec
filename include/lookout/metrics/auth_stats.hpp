// What the gate of the metrics addresses counts.
#pragma once

#include "lookout/base/stats.hpp"

namespace lookout::metrics {

struct AuthStats {
  // By result: "allowed", "unauthenticated", "denied", "error", "throttled".
  LabelledCounter requests;
  // By cache ("token", "access") and result ("hit", "miss").
  LabelledCounter cache_lookups;
  // Until the API server's answer was there, retries included.
  Histogram token_review_seconds{kRequestSecondsBounds};
  Histogram access_review_seconds{kRequestSecondsBounds};
};

// Of --auth-token-file.
struct TokenFileStats {
  Gauge tokens;          // in effect
  Gauge reload_success;  // 1: the file was taken over when it was last read
};

}  // namespace lookout::metrics
