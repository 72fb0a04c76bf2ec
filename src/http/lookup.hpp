// Names to addresses, without waiting for the resolver longer than the caller wants to.
#pragma once

#include <sys/socket.h>

#include <stop_token>
#include <string>
#include <vector>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/url.hpp"

namespace lookout::http {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

// Addresses of a host that are tried, at most.
inline constexpr std::size_t kAddressesMax = 8;
// getaddrinfo() cannot be interrupted: a look-up that its caller left goes on, on a thread of
// its own. With so many on their way no other is begun.
inline constexpr std::size_t kLookupsMax = 32;

// The addresses of host and port, at least one, in the resolver's order. Blocks; thread-safe.
// kUnavailable without a phase; kCancelled.
Result<std::vector<SocketAddress>> look_up(const Url& peer, MonoTime deadline,
                                           const std::stop_token& stop);

}  // namespace lookout::http
