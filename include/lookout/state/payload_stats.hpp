// What reading and decoding payloads counts, for the controller's own metrics. Written by
// the controllers, read by metrics; lives here because both may use `state`.
#pragma once

#include <array>

#include "lookout/base/stats.hpp"
#include "lookout/helm/release.hpp"

namespace lookout::state {

struct PayloadStats {
  LabelledCounter fetches;  // {result}: "success" or an error_code_name
  std::array<Counter, helm::kUndecodableCount> decode_errors;  // by helm::Undecodable
  Histogram decode_seconds{kDecodeSecondsBounds};
  Counter verified;           // payloads read again in verify mode
  Counter decode_mismatches;  // of those, where the facts differed
};

// controller_runtime_reconcile_*
struct ReconcileStats {
  Counter succeeded;
  Counter failed;
  Counter requeued_after;  // failed, with a delay the server asked for
  Histogram seconds{kRequestSecondsBounds};
};

}  // namespace lookout::state
