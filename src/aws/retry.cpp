#include "lookout/aws/retry.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>

#include "lookout/base/text.hpp"

namespace lookout::aws {
namespace {

// What success without a retry brings back.
constexpr int kTokensOfSuccess = 1;
// Beyond it any delay is over its limit; keeps the arithmetic from overflowing.
constexpr int kDoublingsMax = 20;

constexpr std::array<std::string_view, 12> kThrottlingCodes = {"Throttling",
                                                               "ThrottlingException",
                                                               "ThrottledException",
                                                               "RequestThrottled",
                                                               "RequestThrottledException",
                                                               "TooManyRequestsException",
                                                               "RequestLimitExceeded",
                                                               "BandwidthLimitExceeded",
                                                               "LimitExceededException",
                                                               "PriorRequestNotComplete",
                                                               "SlowDown",
                                                               "EC2ThrottledException"};

Duration scaled(Duration duration, double factor) {
  return Duration(static_cast<Duration::rep>(static_cast<double>(duration.count()) * factor));
}

}  // namespace

std::optional<RetryCause> retry_cause(int status, std::string_view error_code) {
  const bool throttled = std::find(kThrottlingCodes.begin(), kThrottlingCodes.end(), error_code) !=
                         kThrottlingCodes.end();
  if (status == 429 || throttled) return RetryCause::kThrottled;
  if (error_code == "RequestTimeout" || error_code == "RequestTimeoutException") {
    return RetryCause::kTransient;
  }
  if (status == 500 || status == 502 || status == 503 || status == 504) {
    return RetryCause::kTransient;
  }
  return std::nullopt;
}

std::optional<RetryCause> retry_cause(const Error& error) {
  if (error.code == ErrorCode::kUnavailable) return RetryCause::kTransient;
  if (error.code == ErrorCode::kThrottled) return RetryCause::kThrottled;
  return std::nullopt;
}

std::optional<Duration> asked_delay(const http::Headers& headers) {
  const std::string* const field = headers.find("x-amz-retry-after");
  if (field == nullptr) return std::nullopt;
  const auto number = parse_number<std::uint32_t>(trim(*field));
  if (!number) return std::nullopt;
  return std::chrono::milliseconds(*number);
}

RetryPolicy::RetryPolicy(Chance chance, RetryLimits limits)
    : chance_(std::move(chance)), limits_(limits), tokens_(limits.tokens_max) {}

RetryPolicy RetryPolicy::seeded() {
  return RetryPolicy([engine = std::mt19937_64(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  });
}

std::optional<Duration> RetryPolicy::next_delay(RetryCause cause, int attempts,
                                                std::optional<Duration> asked) {
  if (attempts >= limits_.attempts_max) {
    last_cost_ = 0;
    return std::nullopt;
  }
  const bool throttled = cause == RetryCause::kThrottled;
  const int cost = throttled ? limits_.throttled_cost : limits_.transient_cost;
  if (tokens_ < cost) {
    last_cost_ = 0;
    return std::nullopt;
  }
  tokens_ -= cost;
  last_cost_ = cost;
  const Duration base = throttled ? limits_.throttled_base : limits_.transient_base;
  const double factor = std::exp2(std::min(attempts - 1, kDoublingsMax));
  const Duration ceiling = std::min(limits_.delay_max, scaled(base, factor));
  const Duration delay = scaled(ceiling, chance_());
  if (!asked) return delay;
  return std::clamp(*asked, delay, delay + limits_.asked_surplus_max);
}

void RetryPolicy::succeeded() {
  const int returned = last_cost_ > 0 ? last_cost_ : kTokensOfSuccess;
  tokens_ = std::min(limits_.tokens_max, tokens_ + returned);
  last_cost_ = 0;
}

}  // namespace lookout::aws
