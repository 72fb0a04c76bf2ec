// Every case that Helm's own decoder has judged, judged by ours and held against docs/decoding.md.
#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "lookout/base/text.hpp"

#include "test/helm/decoding_docs.hpp"
#include "test/helm/sheet_text.hpp"
#include "test/helm/verdict_sheet.hpp"
#include "test/testdata.hpp"

namespace lookout::helm {
namespace {

const std::vector<VerdictCase>& cases() {
  static const std::vector<VerdictCase> kCases =
      read_verdict_sheet(testdata_path("helm/verdicts.txt"));
  return kCases;
}

constexpr std::string_view kHostile = "hostile: ";

bool is_hostile(const VerdictCase& one) {
  return one.name.starts_with(kHostile);
}

// As docs/decoding.md names it.
std::string docs_name(const VerdictCase& one) {
  return is_hostile(one) ? one.name.substr(kHostile.size()) : one.name;
}

// Made at random: keys in no order of Helm's, with duplicates.
bool is_shuffled(const VerdictCase& one) {
  return one.name == "random" || one.name == "likely" || one.name == "document";
}

bool accepted(const std::string& verdict) {
  return verdict.starts_with('\'');
}

std::string decode(const std::string& payload, DecodeMode mode) {
  return describe(decode_release(payload, PayloadEncoding::kBase64, mode));
}

struct Judged {
  const VerdictCase* of;
  std::vector<std::string> verified, stopped;
};

// Ours, once for all tests: some of the documents are large.
const std::vector<Judged>& judged_cases() {
  static const std::vector<Judged> kJudged = [] {
    std::vector<Judged> all;
    for (const VerdictCase& one : cases()) {
      Judged& judged = all.emplace_back(Judged{&one, {}, {}});
      for (const std::string& payload : one.payloads) {
        judged.verified.push_back(decode(payload, DecodeMode::kVerify));
        judged.stopped.push_back(decode(payload, DecodeMode::kStop));
      }
    }
    return all;
  }();
  return kJudged;
}

// A verdict as the tables have it.
std::string word(const std::string& verdict) {
  return accepted(verdict) ? "accepted" : verdict;
}

void add_word(std::string& words, const std::string& added) {
  if (words.find(added) == std::string::npos) words += (words.empty() ? "" : ", ") + added;
}

void check_same(const DocsTable& found, const DocsTable& documented) {
  for (const auto& [name, cells] : found) {
    CAPTURE(name, cells);
    const auto row = documented.find(name);
    if (row == documented.end()) FAIL_CHECK("not in docs/decoding.md");
    if (row == documented.end()) continue;
    const std::vector<std::string> first(
        row->second.begin(), row->second.begin() + static_cast<std::ptrdiff_t>(cells.size()));
    CHECK(cells == first);
  }
  for (const auto& [name, cells] : documented) {
    CAPTURE(name);
    if (!found.contains(name)) FAIL_CHECK("only in docs/decoding.md");
  }
}

TEST_CASE("verdicts: verify mode differs from Helm exactly where docs/decoding.md says") {
  std::size_t count = 0;
  DocsTable found;
  for (const Judged& judged : judged_cases()) {
    const std::vector<std::string>& helms = judged.of->verdicts;
    REQUIRE(judged.verified.size() == helms.size());
    count += helms.size();
    for (std::size_t i = 0; i < helms.size(); ++i) {
      const std::string& ours = judged.verified[i];
      if (ours != helms[i]) found[docs_name(*judged.of)] = {word(helms[i]), word(ours)};
    }
  }
  CHECK(count > 15'000);
  check_same(found, read_decoding_docs("Where the verdict is not Helm's"));
}

TEST_CASE("verdicts: stop mode accepts all that verify mode accepts, with the same facts") {
  for (const Judged& judged : judged_cases()) {
    if (is_hostile(*judged.of)) continue;
    for (std::size_t i = 0; i < judged.verified.size(); ++i) {
      const std::string& stopped = judged.stopped[i];
      if (!accepted(judged.verified[i]) || stopped == judged.verified[i]) continue;
      if (is_shuffled(*judged.of) && accepted(stopped)) continue;
      CAPTURE(judged.of->name, i, judged.of->payloads[i]);
      CHECK(stopped == judged.verified[i]);
    }
  }
}

// Hidden: scripts/valgrind runs it, fifty times slower.
TEST_CASE("verdicts: all small payloads, in both modes", "[.memcheck]") {
  const auto small = read_verdict_sheet(testdata_path("helm/verdicts.txt"), SheetPart::kSmall);
  std::size_t count = 0;
  for (const VerdictCase& one : small) {
    for (const std::string& payload : one.payloads) {
      const std::string verified = decode(payload, DecodeMode::kVerify);
      const std::string stopped = decode(payload, DecodeMode::kStop);
      if (accepted(verified) && !accepted(stopped)) FAIL_CHECK(one.name);
      ++count;
    }
  }
  CHECK(count > 15'000);
}

TEST_CASE("hostile: docs/decoding.md has each input with what becomes of it in both modes") {
  DocsTable found;
  for (const Judged& judged : judged_cases()) {
    if (!is_hostile(*judged.of)) continue;
    std::string whole, prefix;
    for (std::size_t i = 0; i < judged.verified.size(); ++i) {
      const std::string& verified = judged.verified[i];
      const std::string& stopped = judged.stopped[i];
      const bool other = accepted(verified) && accepted(stopped) && verified != stopped;
      add_word(whole, word(verified));
      add_word(prefix, other ? "accepted, by the first" : word(stopped));
    }
    found[docs_name(*judged.of)] = {whole, prefix};
  }
  check_same(found, read_decoding_docs("Hostile inputs"));
}

TEST_CASE("verdicts: docs/decoding.md counts what Helm 4 says otherwise") {
  std::ifstream file(testdata_path("helm/verdicts_helm4.txt"));
  std::map<std::string, std::size_t> counts;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with('#')) ++counts[percent_decoded(line.substr(0, line.find(' ')))];
  }
  DocsTable found;
  for (const auto& [name, count] : counts) found[name] = {std::to_string(count)};
  check_same(found, read_decoding_docs("Where Helm 4.3 differs from Helm 3.22"));
}

}  // namespace
}  // namespace lookout::helm
