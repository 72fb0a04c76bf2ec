#include "src/cli/plan_text.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "src/cli/plan_advice.hpp"
#include "test/cli/plan_sample.hpp"
#include "test/testdata.hpp"

using namespace lookout;
using namespace lookout::cli;
using namespace lookout::cli::test;
using Catch::Matchers::Contains;

namespace {

std::string golden(const std::string& name) {
  std::ifstream file(testdata_path("plan/" + name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string text_of(const PlanReport& report) {
  return plan_text(report, advise(report));
}

}  // namespace

TEST_CASE("plan: the text, the JSON and the values of a whole plan") {
  const PlanReport report = sample_report();
  CHECK(plan_text(report, advise(report)) == golden("plan.txt"));
  CHECK(plan_json(report, advise(report)) + "\n" == golden("plan.json"));
  CHECK(plan_values(report, advise(report)) == golden("values.yaml"));
}

TEST_CASE("plan: repositories alone say nothing of releases") {
  PlanReport report = sample_report();
  report.releases.reset();
  report.api.reset();
  const std::string text = text_of(report);
  CHECK_THAT(text, !Contains("RELEASES") && !Contains("API SERVER") && Contains("REPOSITORIES"));
  CHECK_THAT(plan_json(report, advise(report)),
             Contains("\"releases\": null") && Contains("\"api_server\": null"));
  CHECK_THAT(plan_values(report, advise(report)), !Contains("releases with"));
}

TEST_CASE("plan: without payloads sizes are not known, and say so") {
  PlanReport report = sample_report();
  report.releases->sized = 0;
  report.releases->largest.clear();
  const std::string text = text_of(report);
  CHECK_THAT(text, Contains("no payload was read") && !Contains("LARGEST"));
  CHECK_THAT(text, Contains("4 watch events and 0 reads of a payload, about 4.0 kB"));
  CHECK_THAT(plan_json(report, advise(report)), Contains("\"current_bytes\": null"));
}

TEST_CASE("plan: with payloads missing no resources are advised") {
  PlanReport report = sample_report();
  report.missing_payloads = 1'234;
  const std::string values = plan_values(report, advise(report));
  CHECK_THAT(values, Contains("# No resources are advised: with 1,234 payloads not read"));
  CHECK_THAT(values, !Contains("resources:\n") && !Contains("maxSeries") && !Contains("shards:"));
  CHECK_THAT(plan_json(report, advise(report)), Contains("\"advice\": null"));
}

TEST_CASE("plan: an empty cluster divides by nothing") {
  PlanReport report;
  report.releases = ReleaseFigures();
  report.api = ApiFigures();
  const std::string text = text_of(report);
  CHECK_THAT(text, Contains("0, 0.0 a release") && !Contains("nan") && !Contains("inf"));
  CHECK_THAT(text, !Contains("HISTORIES") && !Contains("a deployment"));
}

TEST_CASE("plan: names are hostile text") {
  PlanReport report = sample_report();
  report.releases->longest[0].name = "x\x1b[31m";
  report.repositories[0].name = "r\nreplicas: 9";
  report.gaps = {"namespace a\nreplicas: 9"};
  CHECK_THAT(text_of(report), !Contains("\x1b") && !Contains("\nreplicas"));
  CHECK_THAT(plan_values(report, advise(report)), !Contains("\nreplicas"));
  report.releases->longest[0].name = "\xff";
  CHECK_THAT(plan_json(report, advise(report)), Contains("\uFFFD"));
}

TEST_CASE("plan: more shards are advised with how to measure one") {
  PlanReport report = sample_report();
  report.scrape.series = 1'200'000;
  const std::string values = plan_values(report, advise(report));
  CHECK_THAT(values, Contains("\nshards: 3\n") &&
                         Contains("helm-lookout plan --total-shards 3 --shard 0 measures it"));
  report.scrape.series = 400'000;
  report.total_shards = 3;
  report.shard = 1;
  const std::string one = text_of(report);
  CHECK_THAT(one, Contains("SHARD 1 OF 3") && Contains("\nshards: 3\n"));
  CHECK_THAT(one, !Contains("measures it"));
}

TEST_CASE("plan: bytes and counts as people read them") {
  CHECK(bytes_text(0) == "0 B");
  CHECK(bytes_text(999) == "999 B");
  CHECK(bytes_text(1'000) == "1.0 kB");
  CHECK(bytes_text(999'949) == "999.9 kB");
  CHECK(bytes_text(999'950) == "1.0 MB");
  CHECK(bytes_text(1'500'000) == "1.5 MB");
  CHECK(bytes_text(2'000'000'000'000'000) == "2000.0 TB");
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(1'000) == "1,000");
  CHECK(count_text(1'234'567) == "1,234,567");
}
