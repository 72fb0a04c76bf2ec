// What every kind of repository offers Scanner. Sources form a closed set, a std::variant in
// scanner.cpp; each is constructed as Source(settings, context), both of which outlive it.
#pragma once

#include <concepts>
#include <stop_token>

#include "lookout/base/clock.hpp"
#include "lookout/repository/scan.hpp"

namespace lookout::repository {

// scan() reads the repository once, on the calling thread. `stop` fires at `deadline` too, so
// that a source answers both with Cancelled; Scanner tells a time-out from the end of the
// process. `deadline` bounds what is worth beginning: retries and their waits.
template <class S>
concept RepositorySource =
    std::constructible_from<S, const RepositorySettings&, const ScanContext&> &&
    requires(S source, std::stop_token stop, MonoTime deadline) {
  { source.scan(stop, deadline) } -> std::same_as<ScanOutcome>;
};

}  // namespace lookout::repository
