#include "lookout/helm/version.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "test/helm/index_sheet.hpp"
#include "test/helm/sheet_text.hpp"
#include "test/testdata.hpp"

namespace lookout::helm {
namespace {

std::string unquoted(const std::string& text) {
  return text.substr(1, text.size() - 2);
}

struct Sheet {
  std::vector<std::string> refused;
  std::vector<std::pair<std::string, Version>> accepted;  // ascending
  std::vector<int> ranks;                                 // of `accepted`
};

const Sheet& sheet() {
  static const Sheet kSheet = [] {
    Sheet read;
    std::istringstream lines(read_text(testdata_path("helm/versions.txt")));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with('#')) continue;
      std::istringstream words(line);
      std::string rank, text, prerelease, build;
      Version version;
      words >> rank >> text;
      if (rank == "-") {
        read.refused.push_back(percent_decoded(text));
        continue;
      }
      words >> version.major >> version.minor >> version.patch >> prerelease >> build;
      version.prerelease = unquoted(prerelease);
      version.build = unquoted(build);
      read.accepted.emplace_back(percent_decoded(text), version);
      read.ranks.push_back(std::stoi(rank));
    }
    return read;
  }();
  return kSheet;
}

TEST_CASE("version: accepts and refuses what Helm's own parser does") {
  CHECK(sheet().refused.size() > 2'000);
  for (const std::string& text : sheet().refused) {
    if (parse_version(text)) FAIL_CHECK("accepted: " << text);
  }
  CHECK(sheet().accepted.size() > 2'000);
  for (const auto& [text, version] : sheet().accepted) {
    if (parse_version(text) != version) FAIL_CHECK("refused, or read otherwise: " << text);
  }
}

TEST_CASE("version: precedence is that of Helm's own parser") {
  const auto& accepted = sheet().accepted;
  // Each with its neighbours and with others all over the list.
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    for (const std::size_t step : {1U, 2U, 7U, 97U, 1009U}) {
      const std::size_t j = (i + step) % accepted.size();
      const auto ours = compare_precedence(accepted[i].second, accepted[j].second);
      const auto helms = sheet().ranks[i] <=> sheet().ranks[j];
      if (ours != helms) FAIL_CHECK(accepted[i].first << " against " << accepted[j].first);
    }
  }
}

TEST_CASE("version: parts") {
  const auto version = parse_version("v1.2-rc.1+up0.2.6");
  REQUIRE(version);
  CHECK(*version == Version{1, 2, 0, "rc.1", "up0.2.6"});
  CHECK_FALSE(version->stable());
  CHECK(parse_version("25")->stable());
}

TEST_CASE("version: the same version, however a repository writes it") {
  const auto [a, b, same] = GENERATE(table<std::string, std::string, bool>({
      {"1.2.3", "1.2.3", true},
      {"v1.2.3", "1.2.3", true},
      {"1.2", "v1.2.0", true},
      {"1.2.3+a", "1.2.3_a", true},
      {"1.2.3+a", "1.2.3+b", false},
      {"1.2.3+a", "1.2.3", false},
      {"1.2.3-rc.1", "1.2.3-rc.1", true},
      {"1.2.3-rc.1", "1.2.3", false},
      {"1.2.3", "1.2.4", false},
      {"master", "master", true},
      {"master", "main", false},
      {"a_b", "a+b", false},
      {"", "", true},
  }));
  CAPTURE(a, b);
  CHECK(same_version(a, b) == same);
  CHECK(same_version(b, a) == same);
}

}  // namespace
}  // namespace lookout::helm
