#include "src/state/version_key.hpp"

#include <algorithm>
#include <functional>
#include <string>

namespace lookout::state {

std::optional<helm::Version> parse_installed(std::string_view text) {
  if (text.size() > helm::kVersionBytesMax) return std::nullopt;
  std::string plus(text);
  std::replace(plus.begin(), plus.end(), '_', '+');
  return helm::parse_version(plus);
}

bool precedes(const helm::Version& a, const helm::Version& b) {
  const auto order = helm::compare_precedence(a, b);
  return order < 0 || (order == 0 && a.build < b.build);
}

std::uint64_t hash_version(std::string_view chart, const helm::Version& version) {
  std::string text(chart);
  for (const std::uint64_t part : {version.major, version.minor, version.patch}) {
    text += '\0';
    text += std::to_string(part);
  }
  text += '-';
  text += version.prerelease;
  text += '+';
  text += version.build;
  return std::hash<std::string>()(text);
}

}  // namespace lookout::state
