#include "test/fakes/sample_cluster.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "lookout/helm/release.hpp"

namespace lookout::fakes {
namespace {

constexpr std::int64_t kNow = 1'750'000'000;

helm::DecodeOutcome decode(const Object& object) {
  return helm::decode_release(*object.value, helm::PayloadEncoding::kBase64,
                              helm::DecodeMode::kVerify);
}

const std::string& label(const Object& object, const std::string& key) {
  for (const auto& [name, value] : object.labels) {
    if (name == key) return value;
  }
  throw std::out_of_range(key);
}

}  // namespace

TEST_CASE("release generator: the payload says what the facts were") {
  ReleaseSpec spec;
  spec.name = "shop";
  spec.chart = chart_samples()[11];
  spec.version = spec.chart.versions[2];
  spec.status = "pending-upgrade";
  const auto outcome = decode(whole_release(spec));
  const auto* const facts = std::get_if<helm::ReleaseFacts>(&outcome);
  REQUIRE(facts != nullptr);
  CHECK(facts->chart == "loki-stack");
  CHECK(facts->chart_version == "6.22.0-rc.1");
  CHECK(facts->app_version == "3.3.0");
  CHECK(facts->deprecated);
  CHECK(facts->status == helm::Status::kPendingUpgrade);
  CHECK(facts->last_deployed_seconds == spec.last_deployed_seconds);
}

TEST_CASE("release generator: the same facts give the same bytes") {
  ReleaseSpec spec;
  spec.name = "shop";
  const std::string payload = release_payload(spec);
  CHECK(payload == release_payload(spec));
  CHECK(payload.size() > 4'000);
  CHECK(release_json(spec).size() > 50'000);
}

TEST_CASE("sample cluster: begins with many states and one payload that is broken") {
  ObjectStore store;
  SampleOptions options;
  options.releases = 16;
  SampleCluster cluster(store, options);
  cluster.fill(kNow);
  std::set<std::string> statuses;
  std::set<std::string> namespaces;
  std::size_t undecodable = 0;
  for (const ObjectPtr& object : store.list(Resource::kSecrets, "").objects) {
    statuses.insert(label(*object, "status"));
    namespaces.insert(object->ns);
    undecodable += std::holds_alternative<helm::Undecodable>(decode(*object)) ? 1U : 0U;
  }
  CHECK(undecodable == 1);
  CHECK(namespaces.size() == 8);
  CHECK(statuses == std::set<std::string>{"deployed", "failed", "pending-upgrade", "superseded"});
}

TEST_CASE("sample cluster: one seed, one history") {
  const SampleOptions options{7, 3, 2, 2, true};
  ObjectStore first_store;
  ObjectStore second_store;
  SampleCluster first(first_store, options);
  SampleCluster second(second_store, options);
  first.fill(kNow);
  second.fill(kNow);
  std::set<std::string> words;
  for (int i = 0; i < 500; ++i) {
    const std::string line = first.step(kNow + i);
    REQUIRE(line == second.step(kNow + i));
    words.insert(line.substr(line.find(": ") + 2, 11));
  }
  CHECK(first_store.resource_version() == second_store.resource_version());
  for (const char* word : {"pending-upg", "pending-rol", "deployed 4.", "failed", "uninstallin",
                           "uninstalled", "installed a"}) {
    CAPTURE(word);
    CHECK(words.count(word) == 1);
  }
}

TEST_CASE("sample cluster: a history is never longer than Helm's default") {
  ObjectStore store;
  SampleCluster cluster(store, {3, 2, 1, 1, true});
  cluster.fill(kNow);
  for (int i = 0; i < 200; ++i) cluster.step(kNow + i);
  std::map<std::string, std::size_t> revisions;
  for (const ObjectPtr& object : store.list(Resource::kSecrets, "").objects) {
    ++revisions[object->ns + "/" + label(*object, "name")];
  }
  for (const auto& [release, count] : revisions) {
    CAPTURE(release);
    CHECK(count <= 10);
  }
}

}  // namespace lookout::fakes
