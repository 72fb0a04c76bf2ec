#include "controllers/readiness.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::controllers;
using namespace std::chrono_literals;

namespace {

const Error kForbidden{ErrorCode::kForbidden, "secrets is forbidden"};
const Error kDown{ErrorCode::kUnavailable, "connect: refused"};

StreamReport synced(std::string ns = "") {
  return {std::move(ns), {.synced = true}};
}
StreamReport refused(std::string ns = "") {
  return {std::move(ns), {.synced = false, .refused = true, .last_error = kForbidden}};
}
StreamReport failing(std::string ns = "") {
  return {std::move(ns), {.synced = false, .refused = false, .last_error = kDown}};
}

}  // namespace

TEST_CASE("HSM-14: readiness: not before the first list, and says so") {
  const auto readiness = judge_readiness({StreamReport{}}, 0, std::nullopt);
  CHECK_FALSE(readiness.ready);
  CHECK(readiness.reason == "releases: first list is under way");
  CHECK_FALSE(readiness.first_error);
}

TEST_CASE("readiness: waits for the payloads, 30 s at most") {
  CHECK_FALSE(judge_readiness({synced()}, 3, Duration(1s)).ready);
  CHECK(judge_readiness({synced()}, 3, Duration(1s)).reason == "payloads: 3 payloads not read yet");
  CHECK(judge_readiness({synced()}, 0, Duration(1s)).ready);
  CHECK(judge_readiness({synced()}, 3, Duration(30s)).ready);
}

TEST_CASE("R3: readiness: a refused namespace does not stop the others") {
  const auto readiness = judge_readiness({synced("a"), refused("b")}, 0, Duration(1s));
  CHECK(readiness.ready);
  REQUIRE(readiness.checks.size() == 3);
  CHECK(readiness.checks[1].name == "namespace b");
  CHECK(readiness.checks[1].detail == "secrets is forbidden");
  CHECK(readiness.first_failed == "namespace b");
}

TEST_CASE("R3: readiness: all refused is not ready and says why") {
  const auto readiness = judge_readiness({refused("a"), refused("b")}, 0, std::nullopt);
  CHECK_FALSE(readiness.ready);
  CHECK(readiness.reason == "namespace a: secrets is forbidden");
  CHECK(readiness.first_error == kForbidden);
  CHECK(readiness.all_refused);
  CHECK_FALSE(judge_readiness({synced("a"), refused("b")}, 0, Duration(1s)).all_refused);
}

TEST_CASE("readiness: a namespace that fails otherwise is waited for") {
  const auto readiness = judge_readiness({synced("a"), failing("b")}, 0, std::nullopt);
  CHECK_FALSE(readiness.ready);
  CHECK(readiness.reason == "namespace b: connect: refused");
}

TEST_CASE("readiness: a shard that no namespace belongs to is ready") {
  CHECK(streams_settled({}));
  const auto readiness = judge_readiness({}, 0, Duration(1s));
  CHECK(readiness.ready);
  CHECK_FALSE(readiness.all_refused);
}
