// Input: up to three versions, a line each. Those that are accepted read back from their parts,
// and precedence is an order.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/check.hpp"
#include "lookout/base/text.hpp"
#include "lookout/helm/version.hpp"

namespace {

using namespace lookout::helm;

std::string written(const Version& version) {
  std::string text = std::to_string(version.major) + '.' + std::to_string(version.minor) + '.' +
                     std::to_string(version.patch);
  if (!version.prerelease.empty()) text += '-' + version.prerelease;
  if (!version.build.empty()) text += '+' + version.build;
  return text;
}

void check_pair(const Version& a, const Version& b) {
  const auto order = compare_precedence(a, b);
  LOOKOUT_CHECK(compare_precedence(b, a) == 0 <=> order);
  LOOKOUT_CHECK(a != b || order == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  std::vector<Version> versions;
  for (const std::string_view line : lookout::split(text.substr(0, 2'000), '\n')) {
    const auto version = parse_version(line);
    if (!version || versions.size() == 3) continue;
    const std::string again = written(*version);
    if (again.size() <= kVersionBytesMax) {
      LOOKOUT_CHECK(parse_version(again) == version);
      LOOKOUT_CHECK(same_version(line, again));
    }
    versions.push_back(*version);
  }
  for (const Version& a : versions) {
    for (const Version& b : versions) {
      check_pair(a, b);
      for (const Version& c : versions) {
        if (compare_precedence(a, b) <= 0 && compare_precedence(b, c) <= 0) {
          LOOKOUT_CHECK(compare_precedence(a, c) <= 0);
        }
      }
    }
  }
  return 0;
}
