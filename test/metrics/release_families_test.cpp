#include "src/metrics/release_families.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "test/metrics/metrics_fixture.hpp"

namespace lookout::metrics {
namespace {

state::Release release() {
  state::Release out;
  out.key = {"prod", "foo"};
  out.revision = 4;
  out.deployed_revision = 3;
  out.revisions = 2;
  out.status = helm::Status::kFailed;
  out.has_chart_metadata = true;
  out.chart = "chickadee";
  out.chart_version = "1.0.0";
  out.app_version = "0.0.1";
  out.updated_seconds = 1'000'000'000;
  out.first_deployed_seconds = -1;
  out.storage_bytes = 4'096;
  return out;
}

std::string lines(const state::Release& release, std::string_view family) {
  const LabelRules rules;
  std::string out;
  for (const ReleaseFamily& row : release_families()) {
    if (row.head.name == family) row.render(RenderedRelease(release, rules), out);
  }
  return out;
}

}  // namespace

TEST_CASE("HEX-10: release families: every line of a release, numbers without what changes") {
  CHECK(lines(release(), "helm_release_info") ==
        "helm_release_info{app_version=\"0.0.1\",chart=\"chickadee\",chart_version=\"1.0.0\","
        "name=\"foo\",namespace=\"prod\",revision=\"4\"} 1\n");
  CHECK(lines(release(), "helm_release_revision") ==
        "helm_release_revision{name=\"foo\",namespace=\"prod\"} 4\n");
  CHECK(lines(release(), "helm_release_updated") ==
        "helm_release_updated{name=\"foo\",namespace=\"prod\"} 1000000000\n");
  CHECK(lines(release(), "helm_release_deployed_revision") ==
        "helm_release_deployed_revision{name=\"foo\",namespace=\"prod\"} 3\n");
  CHECK(lines(release(), "helm_release_revisions") ==
        "helm_release_revisions{name=\"foo\",namespace=\"prod\"} 2\n");
  CHECK(lines(release(), "helm_release_first_deployed_timestamp_seconds") ==
        "helm_release_first_deployed_timestamp_seconds{name=\"foo\",namespace=\"prod\"} -1\n");
  CHECK(lines(release(), "helm_release_storage_bytes") ==
        "helm_release_storage_bytes{name=\"foo\",namespace=\"prod\"} 4096\n");
}

TEST_CASE("HSM-7: release families: the status set always has five, the others while they hold") {
  const auto status = static_cast<helm::Status>(GENERATE(range(0, helm::kStatusCount)));
  state::Release value = release();
  value.status = status;
  const std::string text = lines(value, "helm_release_status");
  const std::string name(helm::status_name(status));
  CAPTURE(text);
  const std::set<std::string> five = {"deployed", "failed", "pending-install", "pending-rollback",
                                      "pending-upgrade"};
  CHECK(test::count_of(text, "\n") == (five.contains(name) ? 5 : 6));
  CHECK(test::count_of(text, "} 1\n") == 1);
  CHECK(test::count_of(text, "{name=\"foo\",namespace=\"prod\",status=\"" + name + "\"} 1\n") == 1);
  for (const std::string& always : five) {
    CHECK(test::count_of(text, "status=\"" + always + "\"}") == 1);
  }
}

TEST_CASE("HEX-1: release families: no line is about a revision but the current one") {
  const LabelRules rules;
  const state::Release failed = release();  // revision 4 of two, of which 3 is deployed
  std::string all;
  for (const ReleaseFamily& row : release_families()) {
    row.render(RenderedRelease(failed, rules), all);
  }
  CHECK(test::count_of(all, "revision=\"") == 1);
  CHECK(test::count_of(all, "revision=\"4\"") == 1);
  CHECK(test::count_of(all, "status=\"failed\"} 1\n") == 1);
}

TEST_CASE("release families: what a payload does not say is MISSING or left out") {
  state::Release value = release();
  value.has_chart_metadata = false;
  value.updated_seconds.reset();
  value.first_deployed_seconds.reset();
  value.storage_bytes.reset();
  value.deployed_revision.reset();
  CHECK(lines(value, "helm_release_info") ==
        "helm_release_info{app_version=\"MISSING\",chart=\"MISSING\",chart_version=\"MISSING\","
        "name=\"foo\",namespace=\"prod\",revision=\"4\"} 1\n");
  for (const auto* family :
       {"helm_release_updated", "helm_release_first_deployed_timestamp_seconds",
        "helm_release_storage_bytes", "helm_release_deployed_revision", "helm_release_undecodable",
        "helm_release_labels"}) {
    CHECK(lines(value, family).empty());
  }
}

TEST_CASE("release families: a chart without app version has an empty one") {
  state::Release value = release();
  value.app_version.clear();
  CHECK(lines(value, "helm_release_info").starts_with("helm_release_info{app_version=\"\","));
}

TEST_CASE("release families: an undecodable payload names its reason") {
  state::Release value = release();
  value.undecodable = static_cast<helm::Undecodable>(GENERATE(range(0, helm::kUndecodableCount)));
  CHECK(lines(value, "helm_release_undecodable") ==
        "helm_release_undecodable{name=\"foo\",namespace=\"prod\",revision=\"4\",reason=\"" +
            std::string(helm::undecodable_reason(*value.undecodable)) + "\"} 1\n");
}

TEST_CASE("release families: user labels come under their Prometheus names") {
  state::Release value = release();
  value.labels = {{"costCenter", "a\"b"}, {"team", "x"}};
  CHECK(lines(value, "helm_release_labels") ==
        "helm_release_labels{name=\"foo\",namespace=\"prod\",label_cost_center=\"a\\\"b\","
        "label_team=\"x\"} 1\n");
}

TEST_CASE("release families: hostile label values are repaired, cut and counted") {
  Counter cuts;
  const LabelRules rules{8, &cuts};
  state::Release value = release();
  value.chart = "0123456789";
  value.chart_version = "a\nb\xFF";
  std::string out;
  release_families()[0].render(RenderedRelease(value, rules), out);
  CHECK(out ==
        "helm_release_info{app_version=\"0.0.1\",chart=\"01234567\","
        "chart_version=\"a\\nb\xEF\xBF\xBD\",name=\"foo\",namespace=\"prod\",revision=\"4\"} 1\n");
  CHECK(cuts.value() == 1);
}

TEST_CASE("release families: names are unique and every family has its help") {
  std::set<std::string_view> names;
  for (const ReleaseFamily& family : release_families()) {
    CHECK(names.insert(family.head.name).second);
    CHECK_FALSE(family.head.help.empty());
    CHECK(family.head.type == FamilyType::kGauge);
  }
}

}  // namespace lookout::metrics
