// show_verdicts release|index FOLDER: what we say of each input of a corpus, for Helm's own
// decoders to judge (test/helm/oracle judge, test/helm/index_oracle judge).
//
//   release: NAME PAYLOAD VERDICT, verify mode's
//   index:   NAME SHOWN, percent-encoded; the file is read from FOLDER/NAME without its first byte
#include <cstdio>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "test/fuzz/packed_payload.hpp"
#include "test/helm/index_sheet.hpp"
#include "test/helm/sheet_text.hpp"
#include "test/helm/verdict_sheet.hpp"

namespace {

namespace fs = std::filesystem;
using namespace lookout;

std::string release_line(const std::string& input) {
  const std::string payload = packed_payload(input);
  const std::string verdict = helm::describe(
      helm::decode_release(payload, helm::PayloadEncoding::kBase64, helm::DecodeMode::kVerify));
  return helm::percent_encoded(payload) + ' ' + verdict;
}

std::string index_line(const std::string& input) {
  return helm::percent_encoded(helm::show(helm::read_index(input.substr(1))));
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  const bool releases = std::string(words[1]) == "release";
  for (const auto& entry : fs::directory_iterator(words[2])) {
    const std::string input = helm::read_text(entry.path().string());
    if (input.empty()) continue;
    const std::string line = releases ? release_line(input) : index_line(input);
    std::printf("%s %s\n", entry.path().filename().c_str(), line.c_str());
  }
  return 0;
}
