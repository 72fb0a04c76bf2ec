// Which failures of AWS services are tried again, when and how often: the SDKs' standard mode with
// its figures of 2026 (github.com/aws/aws-sdk-cpp issue 3832). Pure: chance is passed in and the
// caller sleeps. Serves any HTTP service, not only AWS'.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/message.hpp"

namespace lookout::aws {

enum class RetryCause { kTransient, kThrottled };

// Of a response: 500, 502, 503, 504 and RequestTimeout are transient; 429, SlowDown and
// Throttling are throttled; nullopt: trying again is of no use. `error_code` is what the body
// names, "" when it names none.
std::optional<RetryCause> retry_cause(int status, std::string_view error_code);
// Of a transfer that failed.
std::optional<RetryCause> retry_cause(const Error& error);
// x-amz-retry-after, in milliseconds. nullopt when absent or no number.
std::optional<Duration> asked_delay(const http::Headers& headers);

struct RetryLimits {
  int attempts_max = 3;
  Duration transient_base = std::chrono::milliseconds(50);
  Duration throttled_base = std::chrono::milliseconds(1'000);
  Duration delay_max = std::chrono::seconds(20);
  // A service may ask for this much more than the delay that it would have been.
  Duration asked_surplus_max = std::chrono::seconds(5);
  // Tokens that all requests share, so that a service in trouble is not asked three times as
  // often: a retry takes its cost, success brings it back.
  int tokens_max = 500;
  int transient_cost = 14;
  int throttled_cost = 5;
};

// Of all requests to one service. Not thread-safe.
class RetryPolicy {
 public:
  // Uniform in [0, 1).
  using Chance = std::function<double()>;
  explicit RetryPolicy(Chance chance, RetryLimits limits = {});
  // Chance seeded by the machine's randomness.
  static RetryPolicy seeded();

  // The delay before the next attempt after `attempts` (1, 2, ...) have failed; nullopt: no more.
  std::optional<Duration> next_delay(RetryCause cause, int attempts,
                                     std::optional<Duration> asked = std::nullopt);
  // The request was answered well.
  void succeeded();

 private:
  Chance chance_;
  RetryLimits limits_;
  int tokens_;
  int last_cost_ = 0;  // of the request under way
};

}  // namespace lookout::aws
