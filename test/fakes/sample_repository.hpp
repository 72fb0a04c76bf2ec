// The sandbox's chart repositories: indexes of the charts that its releases run. Some have newer
// versions than any release, one loses a version after a while, one is deprecated; so every state
// of the join shows.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "lookout/http/server.hpp"

namespace lookout::fakes {

enum class SampleRepository {
  kStable,  // over HTTP, at /stable
  kTeam,    // shaped like an S3 bucket, at /team-charts
};
inline constexpr std::string_view kStablePath = "/stable/index.yaml";
inline constexpr std::string_view kTeamBucket = "team-charts";

// How the repositories change: what is missing is a version that was seen before.
enum class SampleAge { kFresh, kVersionGone };
inline constexpr std::int64_t kVersionGoneAfterSeconds = 10;

// index.yaml with half of the charts each; `start_seconds` (Unix) dates the versions. Pure.
std::string sample_index(SampleRepository repository, SampleAge age, std::int64_t start_seconds);

// Serves both with ETag and 304; anything else is S3's NoSuchKey. `now_seconds`: Unix.
http::Handler sample_repositories(std::function<std::int64_t()> now_seconds);

}  // namespace lookout::fakes
