// Every document that Helm's own loader has judged, judged by ours.
#include <catch2/catch.hpp>

#include <map>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "test/helm/index_sheet.hpp"
#include "test/helm/sheet_text.hpp"
#include "test/testdata.hpp"

namespace lookout::helm {
namespace {

struct Case {
  std::string group;
  std::string document;
  std::string verdict;
};

std::string replaced(std::string text, const std::string& mark, const std::string& value) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? text : text.replace(at, mark.size(), value);
}

std::vector<Case> read_cases() {
  std::istringstream lines(read_text(testdata_path("helm/index/cases.txt")));
  std::map<std::string, std::string> templates;
  std::vector<Case> cases;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string group, first, second, verdict;
    words >> group >> first >> second;
    if (group == "T") {
      templates[first] = percent_decoded(second);
      continue;
    }
    words.get();
    std::getline(words, verdict);
    const std::string document = replaced(
        replaced(templates.at(group), "$F", percent_decoded(first)), "$V", percent_decoded(second));
    cases.push_back({group, document, verdict});
  }
  return cases;
}

std::string verdict_of(const IndexOutcome& outcome) {
  std::string text = show(outcome);
  if (text == "REJECTED\n") return "R";
  if (text.empty()) return "-";
  text.pop_back();
  for (char& c : text) {
    if (c == '\n') c = ',';
  }
  return text;
}

// Whether Helm refuses the file because it is no YAML, or not of an index' shape.
bool refused(const IndexOutcome& outcome) {
  return std::holds_alternative<IndexFailure>(outcome);
}

TEST_CASE("chart index cases: what Helm accepts shows the charts and versions that Helm shows") {
  std::size_t judged = 0;
  for (const Case& one : read_cases()) {
    if (one.verdict == "R" || one.group == "exception") continue;
    const IndexOutcome outcome = read_index(one.document);
    ++judged;
    if (verdict_of(outcome) == one.verdict) continue;
    CAPTURE(one.group, one.document);
    CHECK(verdict_of(outcome) == one.verdict);
  }
  CHECK(judged > 1'500);
}

TEST_CASE("chart index cases: the exceptions are exceptions") {
  std::size_t judged = 0;
  for (const Case& one : read_cases()) {
    if (one.group != "exception") continue;
    ++judged;
    CAPTURE(one.document);
    CHECK(verdict_of(read_index(one.document)) != one.verdict);
  }
  CHECK(judged == 5);
}

TEST_CASE("HRE-6: chart index cases: what Helm refuses for one entry leaves the other entries") {
  std::size_t judged = 0;
  for (const Case& one : read_cases()) {
    const bool good_beside = one.group == "field" || one.group == "name" || one.group == "version";
    if (one.verdict != "R" || !good_beside) continue;
    const IndexOutcome outcome = read_index(one.document);
    if (refused(outcome)) continue;
    ++judged;
    CAPTURE(one.document);
    const auto& index = std::get<ChartIndex>(outcome);
    REQUIRE(index.charts.size() == 1);
    CHECK(index.charts[0].versions.back().text == "1.0.0");
    CHECK(index.charts[0].listed.versions == 2);
  }
  CHECK(judged > 1'000);
}

}  // namespace
}  // namespace lookout::helm
