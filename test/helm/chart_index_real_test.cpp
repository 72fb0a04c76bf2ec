// Indexes of public repositories, against what Helm shows of them.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <variant>

#include "test/helm/index_sheet.hpp"
#include "test/testdata.hpp"

namespace lookout::helm {
namespace {

namespace fs = std::filesystem;

// "charts versions digest" by file name.
std::map<std::string, std::string> read_digests() {
  std::istringstream lines(read_text(testdata_path("helm/index/digests.txt")));
  std::map<std::string, std::string> digests;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.find(' ');
    if (!line.starts_with('#')) digests[line.substr(0, space)] = line.substr(space + 1);
  }
  return digests;
}

std::string digest_of(const IndexOutcome& outcome) {
  const auto* index = std::get_if<ChartIndex>(&outcome);
  std::ostringstream out;
  out << (index == nullptr ? 0 : shown_charts(*index)) << ' '
      << (index == nullptr ? 0 : shown_versions(*index)) << ' ' << std::hex;
  out.fill('0');
  out.width(16);
  out << fnv_1a(show(outcome));
  return out.str();
}

// The merged ones are of the others' entries; bench.py compares them.
bool is_merged(const std::string& name) {
  return name.starts_with("merged-");
}

std::size_t check_folder(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& [name, digest] : read_digests()) {
    if (is_merged(name) || !fs::exists(folder / name)) continue;
    CAPTURE(name);
    const IndexOutcome outcome = read_index(read_text(folder / name));
    CHECK(digest_of(outcome) == digest);
    if (const auto* index = std::get_if<ChartIndex>(&outcome)) CHECK(show_skipped(*index).empty());
    ++count;
  }
  return count;
}

TEST_CASE("real indexes: charts, versions and their facts are those that Helm shows") {
  CHECK(check_folder(testdata_path("helm/index")) == 14);
}

TEST_CASE("real indexes: all of the corpora are as Helm shows them") {
  const char* const corpora = std::getenv("LOOKOUT_CORPORA");
  if (corpora == nullptr) {
    WARN("LOOKOUT_CORPORA is not set: only the indexes of the project were read");
    return;
  }
  CHECK(check_folder(fs::path(corpora) / "index") == read_digests().size() - 3);
}

TEST_CASE("real indexes: what is wrong with the broken ones") {
  const auto [name, defect, message] = GENERATE(table<std::string, IndexDefect, std::string>({
      {"questdb+questdb-kubernetes+conflict-2021-06-01.yaml", IndexDefect::kMalformed,
       "line 277: could not find expected ':'"},
      {"helm+helm+unversioned.yaml", IndexDefect::kNotAnIndex,
       "not a chart repository index: neither apiVersion nor entries"},
  }));
  const auto outcome = read_index(read_text(testdata_path("helm/index/" + name)));
  const auto& failure = std::get<IndexFailure>(outcome);
  CHECK(failure.defect == defect);
  CHECK(failure.error == Error{ErrorCode::kMalformed, message});
}

TEST_CASE("real indexes: all list entries count, also those of one version") {
  const auto outcome =
      read_index(read_text(testdata_path("helm/index/confluentinc+cp-helm-charts.yaml")));
  const auto& chart = std::get<ChartIndex>(outcome).charts.at(0);
  CHECK(chart.name == "cp-helm-charts");
  CHECK(chart.versions.size() == 6);
  CHECK(chart.listed.versions == 7);
  CHECK(chart.listed.created_seconds.size() == 7);
}

}  // namespace
}  // namespace lookout::helm
