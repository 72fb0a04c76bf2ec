#include "src/metrics/user_labels.hpp"

#include <catch2/catch.hpp>
#include <set>

namespace lookout::metrics {
namespace {

using Names = std::vector<std::string>;

Names names(const std::vector<std::string>& keys) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const std::string& key : keys) labels.emplace_back(key, "v");
  return user_label_names(labels);
}

}  // namespace

TEST_CASE("user labels: names follow kube-state-metrics") {
  CHECK(names({"team", "app.kubernetes.io/part-of", "costCenter", "ABTest", "v2Beta", "ünder"}) ==
        Names{"label_team", "label_app_kubernetes_io_part_of", "label_cost_center", "label_abtest",
              "label_v2_beta", "label___nder"});
}

TEST_CASE("user labels: names that become equal are numbered in the order of their keys") {
  CHECK(names({"a-b", "a.b", "a_b", "c"}) ==
        Names{"label_a_b_conflict1", "label_a_b_conflict2", "label_a_b_conflict3", "label_c"});
  CHECK(names({"fooBar", "foo_bar"}) ==
        Names{"label_foo_bar_conflict1", "label_foo_bar_conflict2"});
}

TEST_CASE("user labels: no name comes twice, whatever labels are called") {
  const Names made = names({"a-b", "a.b", "a_b_conflict1", "a_b_conflict2", "a_b_conflict_3"});
  CHECK(std::set<std::string>(made.begin(), made.end()).size() == made.size());
  CHECK(names({"a-b", "a.b", "a_b_conflict1"}) ==
        Names{"label_a_b_conflict2", "label_a_b_conflict3", "label_a_b_conflict1"});
}

}  // namespace lookout::metrics
