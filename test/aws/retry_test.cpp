#include "lookout/aws/retry.hpp"

#include <catch2/catch.hpp>

namespace lookout::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

RetryPolicy policy_with(double chance, RetryLimits limits = {}) {
  return RetryPolicy([chance] { return chance; }, limits);
}

}  // namespace

TEST_CASE("retry: which answers are worth another attempt") {
  const auto [status, code, cause] = GENERATE(table<int, std::string, std::optional<RetryCause>>({
      {200, "", std::nullopt},
      {304, "", std::nullopt},
      {400, "", std::nullopt},
      {400, "RequestTimeout", RetryCause::kTransient},
      {400, "ThrottlingException", RetryCause::kThrottled},
      {403, "AccessDenied", std::nullopt},
      {403, "RequestTimeTooSkewed", std::nullopt},
      {404, "NoSuchKey", std::nullopt},
      {429, "", RetryCause::kThrottled},
      {500, "InternalError", RetryCause::kTransient},
      {501, "", std::nullopt},
      {502, "", RetryCause::kTransient},
      {503, "", RetryCause::kTransient},
      {503, "SlowDown", RetryCause::kThrottled},
      {504, "", RetryCause::kTransient},
  }));
  CAPTURE(status, code);
  CHECK(retry_cause(status, code) == cause);
}

TEST_CASE("retry: which failures are worth another attempt") {
  CHECK(retry_cause(Error{ErrorCode::kUnavailable, ""}) == RetryCause::kTransient);
  CHECK(retry_cause(Error{ErrorCode::kThrottled, ""}) == RetryCause::kThrottled);
  const ErrorCode hopeless = GENERATE(ErrorCode::kCancelled, ErrorCode::kTooLarge,
                                      ErrorCode::kInvalid, ErrorCode::kForbidden);
  CHECK(retry_cause(Error{hopeless, ""}) == std::nullopt);
}

TEST_CASE("retry: delays double under full jitter, three attempts in all") {
  RetryPolicy policy = policy_with(0.5);
  CHECK(policy.next_delay(RetryCause::kTransient, 1) == milliseconds(25));
  CHECK(policy.next_delay(RetryCause::kTransient, 2) == milliseconds(50));
  CHECK(policy.next_delay(RetryCause::kTransient, 3) == std::nullopt);
  CHECK(policy.next_delay(RetryCause::kThrottled, 1) == milliseconds(500));
  CHECK(policy.next_delay(RetryCause::kThrottled, 2) == seconds(1));
}

TEST_CASE("retry: no delay exceeds the limit, however many attempts") {
  RetryPolicy policy = policy_with(0.999, {.attempts_max = 1'000'000});
  CHECK(*policy.next_delay(RetryCause::kThrottled, 6) <= seconds(20));
  CHECK(*policy.next_delay(RetryCause::kThrottled, 6) > seconds(19));
  CHECK(*policy.next_delay(RetryCause::kTransient, 999'999) <= seconds(20));
}

TEST_CASE("retry: the service is waited for, within reason") {
  RetryPolicy policy = policy_with(0.5);
  const auto delay = [&](Duration asked) {
    return policy.next_delay(RetryCause::kTransient, 1, asked);
  };
  CHECK(delay(milliseconds(1)) == milliseconds(25));
  CHECK(delay(milliseconds(300)) == milliseconds(300));
  CHECK(delay(seconds(3600)) == milliseconds(5'025));
}

TEST_CASE("retry: x-amz-retry-after is in milliseconds") {
  const auto [field, delay] = GENERATE(table<std::string, std::optional<Duration>>({
      {"1500", milliseconds(1'500)},
      {" 0 ", milliseconds(0)},
      {"-1", std::nullopt},
      {"1.5", std::nullopt},
      {"soon", std::nullopt},
      {"99999999999999", std::nullopt},
  }));
  CHECK(asked_delay({{"X-Amz-Retry-After", field}}) == delay);
  CHECK(asked_delay({}) == std::nullopt);
}

TEST_CASE("retry: a service in trouble uses the budget up, success refills it") {
  RetryPolicy policy = policy_with(0);
  const auto retries_until_empty = [&](RetryCause cause) {
    int retries = 0;
    while (policy.next_delay(cause, 1)) ++retries;
    return retries;
  };
  CHECK(retries_until_empty(RetryCause::kTransient) == 500 / 14);
  CHECK(retries_until_empty(RetryCause::kThrottled) == (500 % 14) / 5);
  for (int i = 0; i < 14; ++i) policy.succeeded();
  CHECK(retries_until_empty(RetryCause::kTransient) == 1);
}

TEST_CASE("retry: success brings back what its retry took, never more than there was") {
  RetryPolicy policy = policy_with(0, {.tokens_max = 14});
  for (int i = 0; i < 10; ++i) {
    REQUIRE(policy.next_delay(RetryCause::kTransient, 1));
    policy.succeeded();
  }
  policy.succeeded();
  REQUIRE(policy.next_delay(RetryCause::kTransient, 1));
  CHECK_FALSE(policy.next_delay(RetryCause::kTransient, 1));
  // Given up: what it took is gone.
  policy.succeeded();
  CHECK_FALSE(policy.next_delay(RetryCause::kTransient, 1));
}

TEST_CASE("retry: seeded chance stays below one") {
  RetryPolicy policy = RetryPolicy::seeded();
  const auto delay = policy.next_delay(RetryCause::kThrottled, 1);
  REQUIRE(delay);
  CHECK(*delay >= Duration(0));
  CHECK(*delay < seconds(1));
}

}  // namespace lookout::aws
