// Which repository a release's chart comes from, and what that repository says about the
// installed version.
//
// A pin wins; else the first repository, in the order of the settings, that holds the chart and
// the installed version; else the first that holds the chart. A repository holds a version that
// is the same text or an equal one: leading "v", missing parts and OCI's "_" for "+" aside,
// build metadata included. A chart of which Helm shows no version is unknown.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/state/release.hpp"
#include "lookout/state/repository.hpp"

namespace lookout::state {

enum class MatchKind : std::uint8_t { kPin, kVersion, kName };
std::string_view match_name(MatchKind kind);  // "pin", "version", "name"

// One release's place in one repository. Immutable once published.
struct ReleaseMatch {
  std::string repository;
  MatchKind kind = MatchKind::kName;
  std::string latest_version;  // highest stable; "" when there is none
  std::uint32_t versions_behind = 0;
  bool outdated = false;
  bool chart_missing = false;
  bool chart_deprecated = false;
  // Helm reads the installed version. Else nothing can be said of versions_behind, outdated and
  // chart_missing, which stay 0.
  bool comparable = true;

  bool operator==(const ReleaseMatch&) const = default;
};
using ReleaseMatchPtr = std::shared_ptr<const ReleaseMatch>;

// A setting that ties charts or releases to a repository (`pins:` of the settings file). One for
// the release itself goes before one for its chart, an earlier one before a later one.
struct Pin {
  std::string chart;  // chart name; or, when empty, the two below
  std::string ns;
  std::string release;
  std::string repository;

  bool operator==(const Pin&) const = default;
};

// Immutable, thread-safe. A match costs a look-up of the chart name and a binary search among its
// versions in each repository that has it.
class ReleaseMatcher {
 public:
  // Whether a repository once held a version of a chart (RepositoryCache::once_held).
  using OnceHeld = std::function<bool(std::string_view repository, std::string_view chart,
                                      std::string_view version)>;
  ReleaseMatcher(std::shared_ptr<const RepositorySnapshot> repositories, std::vector<Pin> pins,
                 OnceHeld once_held);
  ~ReleaseMatcher();

  // nullopt: no repository knows the chart, or the release's chart is not known.
  std::optional<ReleaseMatch> match(const Release& release) const;

 private:
  struct State;
  std::unique_ptr<const State> state_;
};

}  // namespace lookout::state
