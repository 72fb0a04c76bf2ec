// Every case that Helm's own decoder has judged, judged by ours.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <variant>
#include <vector>

#include "test/helm/verdict_sheet.hpp"
#include "test/testdata.hpp"

namespace lookout::helm {
namespace {

const std::vector<VerdictCase>& cases() {
  static const std::vector<VerdictCase> kCases =
      read_verdict_sheet(testdata_path("helm/verdicts.txt"));
  return kCases;
}

bool is_exception(const VerdictCase& one) {
  return one.name == "exception";
}
// Made at random: keys in no order of Helm's, with duplicates.
bool is_shuffled(const VerdictCase& one) {
  return one.name == "random" || one.name == "likely" || one.name == "document";
}

bool accepted(const std::string& verdict) {
  return verdict.starts_with('\'');
}

TEST_CASE("verdicts: verify mode refuses and accepts as Helm does, for the same reason") {
  std::size_t judged = 0;
  for (const VerdictCase& one : cases()) {
    REQUIRE(one.payloads.size() == one.verdicts.size());
    for (std::size_t i = 0; i < one.payloads.size(); ++i) {
      const std::string ours =
          describe(decode_release(one.payloads[i], PayloadEncoding::kBase64, DecodeMode::kVerify));
      const std::string wanted = is_exception(one) ? "bad_json" : one.verdicts[i];
      ++judged;
      if (ours == wanted) continue;
      CAPTURE(one.name, i, one.payloads[i]);
      CHECK(ours == wanted);
    }
  }
  CHECK(judged > 15'000);
}

TEST_CASE("verdicts: stop mode accepts all that Helm accepts, with the same facts") {
  for (const VerdictCase& one : cases()) {
    if (is_exception(one)) continue;
    for (std::size_t i = 0; i < one.payloads.size(); ++i) {
      if (!accepted(one.verdicts[i])) continue;
      const std::string ours =
          describe(decode_release(one.payloads[i], PayloadEncoding::kBase64, DecodeMode::kStop));
      if (ours == one.verdicts[i] || (is_shuffled(one) && accepted(ours))) continue;
      CAPTURE(one.name, i, one.payloads[i]);
      CHECK(ours == one.verdicts[i]);
    }
  }
}

TEST_CASE("verdicts: the exceptions are exceptions") {
  const auto count = std::count_if(cases().begin(), cases().end(), is_exception);
  CHECK(count == 7);
  for (const VerdictCase& one : cases()) {
    if (is_exception(one)) CHECK(accepted(one.verdicts.at(0)));
  }
}

}  // namespace
}  // namespace lookout::helm
