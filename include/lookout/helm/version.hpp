// Chart versions as Helm compares them: github.com/Masterminds/semver/v3 NewVersion, that is
// SemVer 2 with a leading "v" and missing minor or patch allowed. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lookout::helm {

struct Version {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
  std::string prerelease;  // "rc.1"; "" for a stable version
  std::string build;       // build metadata; takes no part in precedence

  bool stable() const { return prerelease.empty(); }
  // The same version: precedence and build metadata are equal.
  bool operator==(const Version&) const = default;
};

// nullopt: Helm's own parser refuses it. At most kVersionBytesMax bytes.
inline constexpr std::size_t kVersionBytesMax = 256;
std::optional<Version> parse_version(std::string_view text);

// SemVer 2 precedence (section 11); build metadata is ignored.
std::weak_ordering compare_precedence(const Version& a, const Version& b);

// Whether a repository's version text is the one installed: the same text, or equal versions
// including build metadata, after OCI's "_" for "+".
bool same_version(std::string_view a, std::string_view b);

}  // namespace lookout::helm
