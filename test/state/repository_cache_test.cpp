#include "lookout/state/repository_cache.hpp"

#include <catch2/catch.hpp>

#include "src/state/gone_versions.hpp"
#include "test/state/repository_fixture.hpp"

namespace lookout::state {
namespace {

using test::at;
using test::identity;
using test::web;

RepositoryPtr seen(const RepositoryCache& cache, std::string_view name) {
  for (const RepositoryPtr& repository : *cache.snapshot()) {
    if (repository->name == name) return repository;
  }
  return nullptr;
}

std::vector<std::string> names(const RepositoryCache& cache) {
  std::vector<std::string> out;
  for (const RepositoryPtr& repository : *cache.snapshot()) out.push_back(repository->name);
  return out;
}

}  // namespace

TEST_CASE("repository cache: a repository is there before its first scan, down and without data") {
  RepositoryCache cache;
  CHECK(cache.snapshot()->empty());
  cache.set_repositories({{"own", "s3", "s3://bucket"}});
  const RepositoryPtr own = seen(cache, "own");
  REQUIRE(own != nullptr);
  CHECK(own->type == "s3");
  CHECK(own->url == "s3://bucket");
  CHECK_FALSE(own->up);
  CHECK(own->data == nullptr);
  CHECK_FALSE(own->last_attempt);
  CHECK_FALSE(own->last_success);
  REQUIRE(own->stats != nullptr);
  CHECK(own->stats == cache.stats("own"));
  CHECK(own->stats->success.value() == 0);
}

TEST_CASE("repository cache: a success brings data, a failure keeps them and says why") {
  RepositoryCache cache;
  cache.set_repositories({identity("own")});
  cache.put_success("own", web({"1.0.0"}), 321, at(100));
  const RepositoryPtr good = seen(cache, "own");
  CHECK(good->up);
  CHECK(good->last_success == at(100));
  CHECK(good->data->bytes == 321);
  CHECK(good->data->index == web({"1.0.0"}));

  cache.put_failure("own", "timeout", "took too long", at(200));
  const RepositoryPtr bad = seen(cache, "own");
  CHECK_FALSE(bad->up);
  CHECK(bad->last_error_type == "timeout");
  CHECK(bad->last_error == "took too long");
  CHECK(bad->last_attempt == at(200));
  CHECK(bad->last_success == at(100));
  CHECK(bad->data == good->data);
  CHECK(good->up);  // what was taken before stays as it was

  cache.put_unchanged("own", at(300));
  const RepositoryPtr unchanged = seen(cache, "own");
  CHECK(unchanged->up);
  CHECK(unchanged->last_error.empty());
  CHECK(unchanged->last_error_type.empty());
  CHECK(unchanged->last_success == at(300));
  CHECK(unchanged->data == good->data);
}

TEST_CASE("repository cache: unchanged before any success is no success") {
  RepositoryCache cache;
  cache.set_repositories({identity("own")});
  cache.put_unchanged("own", at(1));
  CHECK_FALSE(seen(cache, "own")->up);
  CHECK_FALSE(seen(cache, "own")->last_success);
}

TEST_CASE("repository cache: what comes for a repository that left is ignored") {
  RepositoryCache cache;
  cache.put_success("gone", web({"1.0.0"}), 1, at(1));
  cache.put_unchanged("gone", at(1));
  cache.put_failure("gone", "dns", "no such host", at(1));
  CHECK(cache.snapshot()->empty());
  CHECK(cache.stats("gone") == nullptr);
  CHECK_FALSE(cache.once_held("gone", "web", "1.0.0"));
}

TEST_CASE("repository cache: equal data stay the same object") {
  RepositoryCache cache;
  cache.set_repositories({identity("own")});
  cache.put_success("own", web({"1.0.0"}), 321, at(100));
  const auto data = seen(cache, "own")->data;
  cache.put_success("own", web({"1.0.0"}), 321, at(200));
  CHECK(seen(cache, "own")->data == data);
  CHECK(seen(cache, "own")->last_success == at(200));
  cache.put_success("own", web({"1.0.1"}), 321, at(300));
  CHECK(seen(cache, "own")->data != data);
}

TEST_CASE("repository cache: changed settings keep what they do not touch") {
  RepositoryCache cache;
  cache.set_repositories({identity("a"), identity("b"), identity("c")});
  for (const auto* const name : {"a", "b", "c"}) cache.put_success(name, web({"1.0.0"}), 1, at(1));
  const auto stats = cache.stats("a");
  cache.set_repositories({identity("c"), {"b", "http", "https://elsewhere"}, identity("a")});
  CHECK(names(cache) == std::vector<std::string>{"c", "b", "a"});
  CHECK(seen(cache, "a")->data != nullptr);
  CHECK(cache.stats("a") == stats);
  CHECK(seen(cache, "b")->data == nullptr);  // another repository under the same name
  CHECK(seen(cache, "b")->url == "https://elsewhere");
  cache.set_repositories({});
  CHECK(names(cache).empty());
}

TEST_CASE("HRE-11: of two repositories with one name only the first is taken") {
  RepositoryCache cache;
  cache.set_repositories({{"own", "s3", "s3://one"}, {"own", "http", "https://two"}});
  CHECK(names(cache) == std::vector<std::string>{"own"});
  CHECK(seen(cache, "own")->url == "s3://one");
}

TEST_CASE("repository cache: remembers versions that left, until they come back") {
  RepositoryCache cache;
  cache.set_repositories({identity("own"), identity("other")});
  cache.put_success("own", web({"1.0.0", "1.1.0+b"}), 1, at(1));
  CHECK_FALSE(cache.once_held("own", "web", "1.0.0"));
  cache.put_success("own", web({"1.2.0"}), 1, at(2));
  CHECK(cache.once_held("own", "web", "1.0.0"));
  CHECK(cache.once_held("own", "web", "v1.0"));
  CHECK(cache.once_held("own", "web", "1.1.0_b"));
  CHECK_FALSE(cache.once_held("own", "web", "1.1.0"));
  CHECK_FALSE(cache.once_held("own", "web", "1.2.0"));
  CHECK_FALSE(cache.once_held("own", "web", "not a version"));
  CHECK_FALSE(cache.once_held("own", "api", "1.0.0"));
  CHECK_FALSE(cache.once_held("other", "web", "1.0.0"));

  cache.put_failure("own", "dns", "no such host", at(3));
  CHECK(cache.once_held("own", "web", "1.0.0"));
  cache.put_success("own", web({"1.0.0", "1.2.0"}), 1, at(4));
  CHECK_FALSE(cache.once_held("own", "web", "1.0.0"));
  CHECK(cache.once_held("own", "web", "1.1.0+b"));
}

TEST_CASE("gone versions: the memory has a limit and forgets what came back") {
  GoneVersions gone(3);
  gone.apply({.gone = {1, 2, 3, 4}, .added = {}});
  CHECK(gone.contains(3));
  CHECK_FALSE(gone.contains(4));
  gone.apply({.gone = {5}, .added = {1}});
  CHECK_FALSE(gone.contains(1));
  CHECK(gone.contains(5));
}

}  // namespace lookout::state
