#include "controllers/release_filter.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <string>

using namespace lookout::controllers;

TEST_CASE("release filter: the hash is FNV-1a 64") {
  // Vectors of the FNV reference.
  CHECK(fnv1a64("") == 0xcbf29ce484222325U);
  CHECK(fnv1a64("a") == 0xaf63dc4c8601ec8cU);
  CHECK(fnv1a64("foobar") == 0x85944171f73967e8U);
}

TEST_CASE("release filter: ignored namespaces are left out by their whole name") {
  const ReleaseFilter filter({"kube-system", "ci"}, 0, 1);
  CHECK_FALSE(filter.wants("ci"));
  CHECK_FALSE(filter.wants("kube-system"));
  CHECK(filter.wants("ci-2"));
  CHECK(filter.wants(""));
}

TEST_CASE("release filter: every namespace belongs to exactly one shard") {
  const bool holds = rc::check([](const std::string& ns) {
    const auto total = *rc::gen::inRange<std::uint32_t>(1, 70);
    int owners = 0;
    for (std::uint32_t shard = 0; shard < total; ++shard) {
      owners += ReleaseFilter({}, shard, total).wants(ns) ? 1 : 0;
    }
    RC_ASSERT(owners == 1);
  });
  CHECK(holds);
}

TEST_CASE("release filter: shards are ranges of the hash, in order") {
  const auto shard_of = [](const std::string& ns, std::uint32_t total) {
    for (std::uint32_t shard = 0; shard < total; ++shard) {
      if (ReleaseFilter({}, shard, total).wants(ns)) return shard;
    }
    return total;
  };
  const bool holds = rc::check([&](std::string a, std::string b) {
    const auto total = *rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(1, 40),
                                       rc::gen::just<std::uint32_t>(1'000));
    if (fnv1a64(a) > fnv1a64(b)) std::swap(a, b);
    RC_ASSERT(shard_of(a, total) <= shard_of(b, total));
  });
  CHECK(holds);
}

TEST_CASE("release filter: no shard of four gets half of the namespaces, none gets nothing") {
  int mine = 0;
  const ReleaseFilter filter({}, 1, 4);
  for (int i = 0; i < 4000; ++i) mine += filter.wants("team-" + std::to_string(i)) ? 1 : 0;
  CHECK(mine > 500);
  CHECK(mine < 1500);
}
