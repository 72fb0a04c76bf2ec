// What became of payloads and reconciles, for the controller's own metrics. Written by the
// controllers, read by metrics; lives here because both may use `state`.
#pragma once

#include <array>
#include <cstddef>

#include "lookout/base/stats.hpp"
#include "lookout/helm/release.hpp"

namespace lookout::state {

// All members are thread-safe.
struct PayloadStats {
  LabelledCounter fetches;  // {result}: "ok", or an ErrorCode's name
  std::array<Counter, helm::kUndecodableCount> decode_errors;  // by helm::Undecodable
  Histogram decode_seconds{kDecodeSecondsBounds};
  Counter verified;            // payloads read again in verify mode
  Counter decode_mismatches;   // of those, where the two modes disagreed
  LabelledCounter reconciles;  // {result}: "success", "error", "requeue", "requeue_after"
  Counter reconcile_errors;
  Histogram reconcile_seconds{kRequestSecondsBounds};

  Counter& decode_error(helm::Undecodable reason) {
    return decode_errors[static_cast<std::size_t>(reason)];
  }
};

}  // namespace lookout::state
