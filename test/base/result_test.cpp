#include "lookout/base/result.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace lookout;

TEST_CASE("result: holds a value or an error") {
  const Result<int> good = 7;
  REQUIRE(good.ok());
  CHECK(*good == 7);

  const Result<int> bad = Error{ErrorCode::kThrottled, "slow down", std::chrono::seconds(7)};
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().code == ErrorCode::kThrottled);
  CHECK(bad.error().retry_after == std::chrono::seconds(7));
}

TEST_CASE("result: a moved-out value leaves nothing copied") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(3);
  const std::unique_ptr<int> taken = std::move(result).value();
  CHECK(*taken == 3);
}

TEST_CASE("result: void holds nothing or an error") {
  CHECK(Result<void>().ok());
  const Result<void> bad = Error{ErrorCode::kGone, "expired"};
  REQUIRE_FALSE(bad);
  CHECK(bad.error() == Error{ErrorCode::kGone, "expired"});
}

TEST_CASE("result: every error code has a name of its own") {
  std::set<std::string> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kInvalid); ++code) {
    names.insert(error_code_name(static_cast<ErrorCode>(code)));
  }
  CHECK(names.size() == static_cast<std::size_t>(ErrorCode::kInvalid) + 1);
  CHECK(names.count("unknown") == 0);
}
