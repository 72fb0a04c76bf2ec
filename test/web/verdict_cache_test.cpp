#include "src/web/verdict_cache.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "src/web/allowance.hpp"

using namespace lookout;
using namespace lookout::web;
using namespace std::chrono_literals;

namespace {

constexpr MonoTime kNow = MonoTime(1h);

encoding::Digest key_of(int number) {
  return encoding::sha256(std::to_string(number));
}

Visitor visitor_with(const std::string& token) {
  return {encoding::sha256(token), token, nullptr};
}

UserPtr user_named(const std::string& name) {
  return std::make_shared<const kube::UserInfo>(kube::UserInfo{name, "", {}, {}});
}

}  // namespace

TEST_CASE("expiring map: holds what is young, the oldest makes room") {
  ExpiringMap<int> map(3, 10s);
  for (int i = 0; i < 3; ++i) map.put(key_of(i), i, kNow + std::chrono::seconds(i));
  CHECK(*map.find(key_of(0), kNow + 9s) == 0);
  CHECK(map.find(key_of(0), kNow + 10s) == nullptr);
  CHECK(map.remembers(key_of(0)));
  map.put(key_of(0), 7, kNow + 3s);  // is the youngest now
  map.put(key_of(3), 3, kNow + 4s);
  CHECK_FALSE(map.remembers(key_of(1)));
  CHECK(map.remembers(key_of(2)));
  CHECK(*map.find(key_of(0), kNow + 4s) == 7);
  map.erase(key_of(0));
  map.erase(key_of(0));
  CHECK_FALSE(map.remembers(key_of(0)));
  map.put(key_of(4), 4, kNow + 5s);
  CHECK(map.remembers(key_of(2)));  // there was room
}

TEST_CASE("verdict cache: made-up tokens and paths push out no good answer") {
  metrics::AuthStats stats;
  VerdictCache cache(stats);
  const Visitor good = visitor_with("good");
  const UserPtr user = user_named("u");
  const kube::PathAccess metrics{"get", "/metrics"};
  cache.put_user(good, user, kNow);
  cache.put_access(access_key(*user, metrics), true, kNow);
  cache.note(good, Verdict::kAllowed, kNow);
  for (int i = 0; i < 5'000; ++i) {
    cache.put_user(visitor_with(std::to_string(i)), nullptr, kNow);
    cache.put_access(key_of(i), false, kNow);
    cache.note(visitor_with(std::to_string(i)), Verdict::kUnauthenticated, kNow);
  }
  CHECK(cache.find(good, metrics, kNow) == Verdict::kAllowed);
  CHECK(cache.is_regular(good));
  CHECK(cache.find(visitor_with("4999"), metrics, kNow) == Verdict::kUnauthenticated);
  CHECK(cache.find(visitor_with("0"), metrics, kNow) == std::nullopt);  // made room
}

TEST_CASE("verdict cache: who is found to be nobody is no regular any more") {
  metrics::AuthStats stats;
  VerdictCache cache(stats);
  const Visitor visitor = visitor_with("t");
  CHECK_FALSE(cache.is_regular(visitor));
  cache.note(visitor, Verdict::kAllowed, kNow);
  cache.note(visitor, Verdict::kDenied, kNow);
  CHECK(cache.is_regular(visitor));
  cache.note(visitor, Verdict::kUnauthenticated, kNow);
  CHECK_FALSE(cache.is_regular(visitor));
}

TEST_CASE("visitor: users that differ anywhere have keys of their own") {
  const kube::PathAccess path{"get", "/metrics"};
  const std::vector<kube::UserInfo> users = {
      {"u", "", {}, {}},           {"v", "", {}, {}},
      {"u", "1", {}, {}},          {"", "u", {}, {}},
      {"u", "", {"g"}, {}},        {"u", "", {"g", "h"}, {}},
      {"u", "", {"gh"}, {}},       {"u", "", {"h", "g"}, {}},
      {"u", "", {}, {{"k", {}}}},  {"u", "", {}, {{"k", {"v"}}}},
      {"u", "", {"1:k1*1:v"}, {}}, {"u", "", {}, {{"k", {"v"}}, {"l", {}}}},
  };
  std::set<encoding::Digest> keys;
  for (const auto& user : users) keys.insert(access_key(user, path));
  CHECK(keys.size() == users.size());
  CHECK(access_key(users[0], {"get", "/metrics/self"}) != access_key(users[0], path));
  CHECK(access_key(users[0], {"head", "/metrics"}) != access_key(users[0], path));
  CHECK(access_key(users[0], path) == access_key(users[0], path));
}

TEST_CASE("visitor: what Kubernetes lets everyone get is asked for under a name of ours") {
  const auto [path, asked] = GENERATE(table<const char*, const char*>({
      {"/", "/"},
      {"/metrics", "/metrics"},
      {"/metrics/self", "/metrics/self"},
      {"/charts", "/charts"},
      {"/charts/api/v1", "/charts/api/v1"},
      {"/apiary", "/apiary"},
      {"//api/v1", "//api/v1"},
      {"/api", "/helm-lookout/api"},
      {"/api/v1/releases", "/helm-lookout/api/v1/releases"},
      {"/apis/x", "/helm-lookout/apis/x"},
      {"/readyz", "/helm-lookout/readyz"},
      {"/version/", "/helm-lookout/version/"},
      {"/.well-known/openid-configuration", "/helm-lookout/.well-known/openid-configuration"},
      {"/openid/v1/jwks", "/helm-lookout/openid/v1/jwks"},
  }));
  CHECK(access_to(path) == kube::PathAccess{"get", asked});
}

TEST_CASE("visitor: no certificate has the key of a token") {
  http::ServerRequest request;
  request.headers.add("Authorization", "Bearer t");
  CHECK(visitor_of(request)->key == encoding::sha256("t"));
  request.client_certificate = http::ClientCertificate{"t", {}};
  CHECK(visitor_of(request)->key != encoding::sha256("t"));
  CHECK(visitor_of(request)->token.empty());
}

TEST_CASE("allowance: refills with time up to the burst") {
  Allowance allowance(10, 2, kNow);
  CHECK(allowance.take(kNow));
  CHECK(allowance.take(kNow));
  CHECK_FALSE(allowance.take(kNow));
  CHECK_FALSE(allowance.take(kNow + 50ms));
  CHECK(allowance.take(kNow + 101ms));
  CHECK_FALSE(allowance.take(kNow));  // a clock that went back gives nothing
  for (int i = 0; i < 2; ++i) CHECK(allowance.take(kNow + 1h));
  CHECK_FALSE(allowance.take(kNow + 1h));
}
