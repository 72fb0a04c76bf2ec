// Objects, payloads and a clock for tests of the release cache.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/state/release_cache.hpp"

namespace lookout::state::test {

// A UUID that ends in `number`.
inline std::string uid(unsigned number) {
  std::string digits = std::to_string(number);
  digits.insert(0, 12 - digits.size(), '0');
  return "7b92c986-0933-4ff2-a6dc-" + digits;
}

struct Object {
  std::string release = "foo";
  helm::Revision revision = 1;
  std::string status = "deployed";
  unsigned uid_number = 1;
  std::uint64_t rv = 10;
  std::string ns = "default";
};

inline helm::SecretMeta meta(const Object& object) {
  helm::SecretMeta out;
  out.ns = object.ns;
  out.name = "sh.helm.release.v1." + object.release + ".v" + std::to_string(object.revision);
  out.uid = uid(object.uid_number);
  out.resource_version = std::to_string(object.rv);
  out.labels = {{"name", object.release}, {"owner", "helm"}, {"status", object.status}};
  return out;
}

inline helm::ReleaseFacts chart_facts(std::string_view version,
                                      helm::Status status = helm::Status::kDeployed) {
  helm::ReleaseFacts facts;
  facts.status = status;
  facts.has_chart_metadata = true;
  facts.chart = "web";
  facts.chart_version = version;
  facts.app_version = "2.0";
  facts.last_deployed_seconds = 1'700'000'000;
  facts.first_deployed_seconds = 1'600'000'000;
  return facts;
}

inline PayloadFacts payload(const Object& object, helm::DecodeOutcome outcome) {
  return {{object.ns, object.release}, object.revision, uid(object.uid_number), object.rv, 1'234,
          std::move(outcome)};
}

// A cache with one stream for the whole cluster and time that the test moves.
struct CacheFixture {
  explicit CacheFixture(ReleaseCacheOptions options = {}) : cache(std::move(options)) {}

  std::optional<helm::ReleaseKey> upsert(const Object& object) {
    return cache.upsert(0, meta(object), now);
  }
  std::optional<helm::ReleaseKey> erase(const Object& object) {
    return cache.erase(0, meta(object), now);
  }
  // Upserts, and the payload says chart version `version`.
  void install(const Object& object, std::string_view version = "1.0.0") {
    upsert(object);
    read(object, version);
  }
  bool read(const Object& object, std::string_view version = "1.0.0") {
    const auto status = helm::parse_status(object.status);
    return cache.put_payload(
        payload(object, chart_facts(version, status.value_or(helm::Status::kUnknown))));
  }
  std::vector<helm::ReleaseKey> list(const std::vector<Object>& objects) {
    cache.begin_replace(0);
    for (const Object& object : objects) cache.replace_item(0, meta(object));
    return cache.commit_replace(0, now);
  }
  // What readers see of the release; null when nothing.
  ReleasePtr seen(std::string_view release = "foo", std::string_view ns = "default") {
    for (const ReleasePtr& published : cache.snapshot(now)) {
      if (published->key.name == release && published->key.ns == ns) return published;
    }
    return nullptr;
  }
  void pass(std::chrono::milliseconds time) { now += time; }

  ReleaseCache cache;
  MonoTime now{};
};

}  // namespace lookout::state::test
