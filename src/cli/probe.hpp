// One HTTP GET, asked again until the answer is the one that is wanted or time is up: for
// `helm test`, and for people without curl in a container.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/transport.hpp"

#include "src/cli/arguments.hpp"

namespace lookout::cli {

inline constexpr std::size_t kProbeBodyBytesMax = std::size_t{256} << 20;
inline constexpr std::chrono::milliseconds kProbeWaitMax = std::chrono::hours(1);

struct ProbeContext {
  http::TransportFactory create;
  const Clock& clock;
  std::map<std::string, std::string> environment;  // of proxies
};

// The status of the answer that was wanted. Else kInvalid for a URL, a duration or a file that
// cannot be used; kUnavailable, or kTooLarge for the body, in one line that says what came instead.
Result<int> probe(const ProbeCommand& command, const ProbeContext& context);

}  // namespace lookout::cli
