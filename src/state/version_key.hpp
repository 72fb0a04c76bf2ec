// Which version a chart version is, apart from how it is written: precedence and build metadata,
// after a leading "v", missing parts and OCI's "_" for "+". Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "lookout/helm/version.hpp"

namespace lookout::state {

// The version that a release says it runs; nullopt when Helm would refuse it.
std::optional<helm::Version> parse_installed(std::string_view text);

// A strict weak order whose equals are the same version.
bool precedes(const helm::Version& a, const helm::Version& b);

// 64 bits that stand for this version of this chart.
std::uint64_t hash_version(std::string_view chart, const helm::Version& version);

}  // namespace lookout::state
