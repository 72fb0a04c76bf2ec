// The sockets that cpprestsdk connects with, opened by us so that their options can be set.
#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/url.hpp"

namespace lookout::http {

// The address family of the host that is connected to. cpprestsdk shows a socket
// only before it opens it, so socket options need it opened by us, and a socket of
// the wrong family cannot connect. Thread-safe.
class PeerFamily {
 public:
  explicit PeerFamily(const Url& peer);

  // Asks the resolver unless the family is known. Blocks. kUnavailable "resolve: ...",
  // kCancelled.
  Result<void> resolve(MonoTime deadline, std::stop_token stop);
  // After a failed connect: names move.
  void forget();

  // `handle`: what cpprestsdk's native handle callback was given. Opens the socket and
  // sets its options unless it is open already (a reused connection).
  void open_plain(void* handle) const;
  void open_tls(void* handle) const;

 private:
  enum class Family : int { kUnknown, kIpv4, kIpv6 };

  const std::string host_;
  const std::string port_;
  const bool literal_;
  std::atomic<Family> family_;
};

}  // namespace lookout::http
