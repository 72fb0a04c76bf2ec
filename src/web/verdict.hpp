// What becomes of a request, and the answer when it is turned away.
#pragma once

#include <string_view>

#include "lookout/http/server.hpp"

namespace lookout::web {

enum class Verdict {
  kAllowed,
  kUnauthenticated,  // 401: no credentials, or nobody's
  kDenied,           // 403
  kFailed,           // 503: the API server could not be asked
  kThrottled,        // 429: too many unknown credentials or paths at once
};
inline constexpr Verdict kVerdicts[] = {Verdict::kAllowed, Verdict::kUnauthenticated,
                                        Verdict::kDenied, Verdict::kFailed, Verdict::kThrottled};

// "allowed", "unauthenticated", "denied", "error", "throttled".
std::string_view verdict_name(Verdict verdict);

// Tells the status and nothing else. REQUIRES: not kAllowed
http::ServerResponse refusal(Verdict verdict);

}  // namespace lookout::web
