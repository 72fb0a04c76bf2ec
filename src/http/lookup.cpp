#include "src/http/lookup.hpp"

#include <netdb.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "lookout/base/mutex.hpp"
#include "lookout/http/transport.hpp"

namespace lookout::http {
namespace {

using Addresses = std::vector<SocketAddress>;

std::atomic<std::size_t> lookups_running{0};

Error unresolved(const std::string& host, std::string_view reason) {
  return {ErrorCode::kUnavailable, host + ": " + std::string(reason)};
}

Result<Addresses> resolve(const std::string& host, const std::string& port, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (failure == EAI_SYSTEM) return unresolved(host, std::strerror(errno));
  if (failure != 0) return unresolved(host, ::gai_strerror(failure));
  Addresses addresses;
  for (const addrinfo* at = found; at != nullptr && addresses.size() < kAddressesMax;
       at = at->ai_next) {
    SocketAddress& address = addresses.emplace_back();
    std::memcpy(&address.storage, at->ai_addr, at->ai_addrlen);
    address.size = at->ai_addrlen;
  }
  ::freeaddrinfo(found);
  if (addresses.empty()) return unresolved(host, "no address");
  return addresses;
}

struct Lookup {
  Mutex mutex;
  ConditionVariable changed;
  std::optional<Result<Addresses>> outcome GUARDED_BY(mutex);
};

Result<std::shared_ptr<Lookup>> start_lookup(const std::string& host, const std::string& port) {
  if (++lookups_running > kLookupsMax) {
    --lookups_running;
    return unresolved(host, "too many look-ups are without an answer");
  }
  auto lookup = std::make_shared<Lookup>();
  try {
    std::thread([lookup, host, port] {
      auto outcome = resolve(host, port, 0);
      --lookups_running;
      MutexLock lock(lookup->mutex);
      lookup->outcome = std::move(outcome);
      lookup->changed.notify_all();
    }).detach();
  } catch (const std::system_error& error) {
    --lookups_running;
    return unresolved(host, error.code().message());
  }
  return lookup;
}

}  // namespace

Result<Addresses> look_up(const Url& peer, MonoTime deadline, const std::stop_token& stop) {
  const std::string port = std::to_string(peer.port);
  if (is_ip_address(peer.host)) return resolve(peer.host, port, AI_NUMERICHOST);
  auto started = start_lookup(peer.host, port);
  if (!started) return started.error();
  Lookup& lookup = **started;
  MutexLock lock(lookup.mutex);
  lookup.changed.wait_until(lookup.mutex, stop, deadline, [&lookup]() LOCKED(lookup.mutex) {
    return lookup.outcome.has_value();
  });
  if (stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
  if (!lookup.outcome) return unresolved(peer.host, kTimedOut);
  return *lookup.outcome;
}

}  // namespace lookout::http
