#include "controllers/repository_readiness.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::controllers;

namespace {

state::RepositoryPtr repository(std::string name, bool tried, std::string error = "") {
  auto out = std::make_shared<state::Repository>();
  out->name = std::move(name);
  out->last_error = std::move(error);
  if (tried) out->last_attempt = WallTime();
  return out;
}

}  // namespace

TEST_CASE("HRE-10: repository readiness: not before the first scan of each has ended") {
  const auto readiness = judge_repositories({repository("a", true), repository("b", false)});
  CHECK_FALSE(readiness.ready);
  CHECK(readiness.reason == "repository b: first scan is under way");
  REQUIRE(readiness.checks.size() == 2);
  CHECK(readiness.checks[0].ok);
}

TEST_CASE("repository readiness: one that is down is ready to be seen, with its error") {
  const auto readiness = judge_repositories({repository("a", true, "connect: refused")});
  CHECK(readiness.ready);
  CHECK(readiness.reason.empty());
  CHECK(readiness.checks[0].name == "repository a");
  CHECK(readiness.checks[0].detail == "connect: refused");
}
