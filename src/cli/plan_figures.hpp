// From the controller's state to the figures of a plan. Pure, but for memory_of().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/http/server.hpp"
#include "lookout/state/release.hpp"
#include "lookout/state/repository.hpp"

#include "src/cli/plan_report.hpp"
#include "src/cli/settings.hpp"

namespace lookout::cli {

// `top`: how many of the largest and of the longest. Of equals the first by key.
ReleaseFigures release_figures(const std::vector<state::ReleasePtr>& releases, WallTime now,
                               std::size_t top);

// What the index says; the scans themselves are the caller's to judge.
RepositoryFigures repository_figures(const state::Repository& repository, const Settings& settings);

// Sample lines of an exposition's text.
std::size_t count_series(const http::BodyChain& text);

// "VmRSS" or "VmHWM" of /proc/PID/status (proc(5)), in bytes; 0 when it is not there.
std::uint64_t status_bytes(std::string_view status, std::string_view field);

}  // namespace lookout::cli
