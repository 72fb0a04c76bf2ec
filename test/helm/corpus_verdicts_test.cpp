// The release fuzzer's corpus, as Helm's own decoder judged it (scripts/fuzz does the same with
// what a run finds). Lines "NAME MARK VERDICT", written by test/helm/oracle: see its judge.go.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "test/fuzz/packed_payload.hpp"
#include "test/helm/index_sheet.hpp"
#include "test/helm/verdict_sheet.hpp"
#include "test/testdata.hpp"

namespace lookout::helm {
namespace {

namespace fs = std::filesystem;

struct Judged {
  bool excepted = false;
  std::string verdict;
};

std::map<std::string, Judged> recorded() {
  std::map<std::string, Judged> out;
  std::ifstream file(testdata_path("helm/corpus_verdicts.txt"));
  for (std::string line; std::getline(file, line);) {
    const std::size_t mark = line.find(' ') + 1;
    out[line.substr(0, mark - 1)] = {line[mark] == '~', line.substr(mark + 2)};
  }
  return out;
}

TEST_CASE("verdicts: the fuzzer's corpus is judged as Helm does, but for what is excepted") {
  const auto verdicts = recorded();
  const fs::path corpus = testdata_path("../fuzz/corpus/release");
  const auto inputs = std::distance(fs::directory_iterator(corpus), fs::directory_iterator());
  CHECK(static_cast<std::size_t>(inputs) == verdicts.size());
  for (const auto& [name, judged] : verdicts) {
    const std::string payload = packed_payload(read_text((corpus / name).string()));
    const std::string ours =
        describe(decode_release(payload, PayloadEncoding::kBase64, DecodeMode::kVerify));
    CAPTURE(name, judged.verdict);
    if (judged.excepted) {
      CHECK((ours == "bad_json" || ours == "too_large"));
    } else {
      CHECK(ours == judged.verdict);
    }
  }
}

}  // namespace
}  // namespace lookout::helm
