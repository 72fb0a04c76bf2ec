#include <catch2/catch.hpp>

#include "test/repository/oci_fixture.hpp"
#include "test/state/repository_fixture.hpp"

using namespace lookout;
using namespace lookout::repository;

TEST_CASE("HEX-6: a release whose chart is in a registry is found there, and outdated") {
  OciFixture f;
  for (const char* tag : {"1.0.0", "1.1.0_build.5", "2.0.0", "3.0.0-rc.1", "latest"}) {
    f.registry.push("team/app", tag);
  }
  const auto cache = state::test::repositories({data_of(f.scan()).index});
  const auto found = state::test::match(*cache, state::test::release("1.0.0", "app"));
  REQUIRE(found);
  CHECK(found->kind == state::MatchKind::kVersion);
  CHECK(found->latest_version == "2.0.0");
  CHECK(found->outdated);
  CHECK(found->versions_behind == 2);
  const auto built = state::test::match(*cache, state::test::release("1.1.0+build.5", "app"));
  CHECK(built->kind == state::MatchKind::kVersion);
  CHECK(built->versions_behind == 1);
}
