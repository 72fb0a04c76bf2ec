#include <catch2/catch.hpp>

#include <algorithm>

#include "test/model/helm_cluster.hpp"
#include "test/model/operation_chooser.hpp"

using namespace lookout;
using namespace lookout::model;

namespace {

constexpr auto kSecrets = fakes::Resource::kSecrets;

struct Played {
  explicit Played(std::uint64_t seed, bool real)
      : chooser(store, book, kSecrets, {seed, {"a", "b"}, real}) {}

  // One operation as its line, and how many objects it wrote or removed.
  std::string step() {
    const Operation operation = chooser.choose();
    const std::uint64_t before = store.resource_version();
    cluster.apply(operation);
    changes = store.resource_version() - before;
    return to_json(operation);
  }

  fakes::ObjectStore store;
  PayloadBook book;
  HelmCluster cluster{store, book, kSecrets};
  OperationChooser chooser;
  std::uint64_t changes = 0;
};

}  // namespace

TEST_CASE("model operations: the same seed gives the same ones, and none is refused") {
  const bool real = GENERATE(false, true);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Played one(seed, real);
    Played other(seed, real);
    for (int i = 0; i < 300; ++i) {
      const std::string line = one.step();
      CAPTURE(seed, i, line);
      REQUIRE(line == other.step());
      REQUIRE(one.changes > 0);
    }
  }
}

TEST_CASE("model operations: their lines read as the README says") {
  Operation install;
  install.ns = "prod";
  install.release = "web";
  install.chart = "redis";
  install.chart_version = "1.0.0";
  install.app_version = "7.4";
  install.labels = {{"team", "payments"}, {"cost-center", ""}};
  CHECK(to_json(install) ==
        R"({"op":"install","namespace":"prod","release":"web","chart":"redis",)"
        R"("chart_version":"1.0.0","app_version":"7.4",)"
        R"("labels":{"team":"payments","cost-center":""},"replace":false,"outcome":"deployed"})");
  Operation label;
  label.verb = Verb::kSetLabel;
  label.ns = "prod";
  label.object = "sh.helm.release.v1.web.v1";
  label.label = "team";
  CHECK(to_json(label) == R"({"op":"set_label","namespace":"prod",)"
                          R"("object":"sh.helm.release.v1.web.v1","label":"team","value":""})");
}

TEST_CASE("model operations: a failed upgrade leaves the revision before it deployed") {
  fakes::ObjectStore store;
  PayloadBook book;
  HelmCluster cluster(store, book, kSecrets);
  Operation operation;
  operation.ns = "prod";
  operation.release = "web";
  operation.history_max = 3;
  cluster.apply(operation);
  operation.verb = Verb::kUpgrade;
  for (int i = 0; i < 4; ++i) cluster.apply(operation);
  operation.outcome = Outcome::kFailed;
  cluster.apply(operation);
  std::vector<std::string> seen;
  for (const HistoryEntry& entry : helm_history(store, book, kSecrets, "prod", "web")) {
    CHECK(entry.payload.status == entry.label_status);
    seen.push_back(std::to_string(entry.revision()) + " " + entry.label_status);
  }
  CHECK(seen == std::vector<std::string>{"4 superseded", "5 deployed", "6 failed"});
}
