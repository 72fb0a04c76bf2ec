// Release Secrets that real clusters and real tests hold.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "lookout/helm/release.hpp"

#include "test/helm/verdict_sheet.hpp"
#include "test/testdata.hpp"

namespace lookout::helm {
namespace {

namespace fs = std::filesystem;

// data.release of a Secret in YAML.
std::string payload_in(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  constexpr std::string_view kKey = "\n  release: ";
  const std::string yaml = text.str();
  const std::size_t at = yaml.find(kKey);
  REQUIRE(at != std::string::npos);
  const std::size_t start = at + kKey.size();
  return yaml.substr(start, yaml.find('\n', start) - start);
}

DecodeOutcome decode(const std::string& payload, DecodeMode mode) {
  return decode_release(payload, PayloadEncoding::kDoubleBase64, mode);
}

TEST_CASE("real Secrets: facts") {
  const auto [file, facts] = GENERATE(table<std::string, std::string>({
      {"FairwindsOps-pluto-demo2-1c5d99",
       "'deployed' 'true' 'basic-demo' '0.3.3' '1.0' 'false' '1589924483' '1589924483'"},
      {"FairwindsOps-pluto-test-9631db",
       "'deployed' 'true' 'helm3chart' '0.1.0' '1.16.0' 'false' '1589472838' '1589472838'"},
      {"replicatedhq-kots-test-chart-014ae7",
       "'deployed' 'true' 'test-chart' '0.1.0' '' 'false' '-' '-'"},
      {"replicatedhq-kots-test-chart-8833c8",
       "'deployed' 'true' 'test-chart' '0.1.0' '1.16.0' 'false' '-' '-'"},
  }));
  const auto mode = GENERATE(DecodeMode::kStop, DecodeMode::kVerify);
  const std::string payload = payload_in(testdata_path("helm/secrets/" + file + ".yaml"));
  CHECK(describe(decode(payload, mode)) == facts);
}

TEST_CASE("real Secrets: all of the corpora decode, alike in both modes") {
  const char* const corpora = std::getenv("LOOKOUT_CORPORA");
  if (corpora == nullptr) {
    WARN("LOOKOUT_CORPORA is not set: only the Secrets of the project were read");
    return;
  }
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(corpora) / "secrets")) {
    if (entry.path().extension() != ".yaml") continue;
    CAPTURE(entry.path());
    const std::string payload = payload_in(entry.path());
    const DecodeOutcome verified = decode(payload, DecodeMode::kVerify);
    REQUIRE(std::holds_alternative<ReleaseFacts>(verified));
    CHECK(std::get<ReleaseFacts>(verified).has_chart_metadata);
    CHECK(std::get<ReleaseFacts>(verified).status == Status::kDeployed);
    CHECK(decode(payload, DecodeMode::kStop) == verified);
    ++count;
  }
  CHECK(count > 0);
}

}  // namespace
}  // namespace lookout::helm
