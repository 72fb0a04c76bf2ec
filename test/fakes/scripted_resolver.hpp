// Names that a test decides about, also for code inside shared libraries: programs
// linked with this have their own getaddrinfo, which passes everything else on to
// the C library's.
#pragma once

#include <string_view>

namespace lookout::fakes {

// Resolves to ::1 alone.
inline constexpr std::string_view kIpv6Name = "six.test";
// Does not resolve before release_slow_name().
inline constexpr std::string_view kSlowName = "slow.test";
// Does not resolve at all.
inline constexpr std::string_view kUnknownName = "unknown.test";

// Returns once a look-up of kSlowName has begun.
void wait_for_slow_lookup();
void release_slow_name();

}  // namespace lookout::fakes
