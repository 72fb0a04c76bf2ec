#include "test/fakes/object_store.hpp"

#include <catch2/catch.hpp>

#include "test/fakes/continue_token.hpp"
#include "test/fakes/selector.hpp"

namespace lookout::fakes {
namespace {

Object object(const std::string& name, const std::string& status = "deployed") {
  Object out;
  out.ns = "default";
  out.name = name;
  out.labels = {{"owner", "helm"}, {"status", status}};
  return out;
}

ObjectKey key(const std::string& name) {
  return {Resource::kSecrets, "default", name};
}

}  // namespace

TEST_CASE("object store: every change has the next resourceVersion and keeps the uid") {
  ObjectStore store(10);
  const ObjectPtr first = store.put(object("a"));
  const ObjectPtr second = store.put(object("a", "failed"));
  CHECK(first->resource_version == 11);
  CHECK(second->resource_version == 12);
  CHECK(first->uid == second->uid);
  CHECK(store.put(object("b"))->uid != first->uid);
  CHECK(store.remove(key("a")));
  CHECK_FALSE(store.remove(key("a")));
  CHECK(store.resource_version() == 14);
}

TEST_CASE("object store: changes since a version are all, or known to be lost") {
  ObjectStore store(10);
  store.put(object("a"));
  store.put(object("b"));
  store.remove(key("a"));
  const ObjectStore::Changes changes = store.changes_since(11);
  REQUIRE(changes.changes.size() == 2);
  CHECK(changes.changes[0].before == nullptr);
  CHECK(changes.changes[1].after == nullptr);
  store.compact();
  CHECK(store.changes_since(12).compacted);
  CHECK_FALSE(store.changes_since(13).compacted);
}

TEST_CASE("object store: another uid is deletion and creation") {
  ObjectStore store(10);
  store.put(object("a"));
  Object other = object("a");
  other.uid = "another";
  store.put(other);
  const auto changes = store.changes_since(11).changes;
  REQUIRE(changes.size() == 2);
  CHECK(changes[0].after == nullptr);
  CHECK(changes[1].before == nullptr);
}

TEST_CASE("object store: an older state can be listed until it is compacted") {
  ObjectStore store(10);
  store.put(object("a"));
  store.put(object("b"));
  store.remove(key("a"));
  const auto then = store.list_at(Resource::kSecrets, "", 12);
  REQUIRE(then);
  CHECK(then->objects.size() == 2);
  CHECK(store.list(Resource::kSecrets, "").objects.size() == 1);
  store.compact();
  CHECK_FALSE(store.list_at(Resource::kSecrets, "", 12));
}

TEST_CASE("object store: a restore goes back, the counter too") {
  ObjectStore store(10);
  store.put(object("a"));
  const ObjectStore::Snapshot backup = store.snapshot();
  store.put(object("b"));
  store.restore(backup);
  CHECK(store.resource_version() == 11);
  CHECK(store.size() == 1);
  CHECK(store.changes_since(12).changes.empty());
}

TEST_CASE("selector: equality and inequality of labels and fields") {
  const Object deployed = object("a");
  const auto selects = [&](const char* labels, const char* fields) {
    return Selector::parse(labels, fields)->matches(deployed);
  };
  CHECK(selects("", ""));
  CHECK(selects("owner=helm,status!=superseded", "type=helm.sh/release.v1"));
  CHECK(selects("owner==helm", "metadata.name=a"));
  CHECK(selects("missing!=x", ""));
  CHECK_FALSE(selects("missing=x", ""));
  CHECK_FALSE(selects("owner=helm,status=failed", ""));
  CHECK_FALSE(selects("", "type!=helm.sh/release.v1"));
  CHECK_FALSE(Selector::parse("owner", "").ok());
  CHECK_FALSE(Selector::parse("", "spec.x=1").ok());
}

TEST_CASE("continue token: says what it was made of") {
  const auto token = decode_token(encode_token({1234, "ns/sh.helm.release.v1.a.v1"}));
  REQUIRE(token);
  CHECK(token->resource_version == 1234);
  CHECK(token->last == "ns/sh.helm.release.v1.a.v1");
  CHECK_FALSE(decode_token("not a token"));
}

}  // namespace lookout::fakes
