#include "src/http/cpprest_socket.hpp"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <fcntl.h>
#include <pplx/threadpool.h>

#include <utility>

#include "lookout/base/mutex.hpp"
#include "lookout/http/transport.hpp"

#include "src/http/socket_options.hpp"

namespace lookout::http {
namespace {

using boost::asio::ip::tcp;
using RawSocket = tcp::socket::lowest_layer_type;

// A look-up that its caller may abandon: getaddrinfo cannot be interrupted.
struct Lookup {
  Mutex mutex;
  ConditionVariable changed;
  bool done GUARDED_BY(mutex) = false;
  boost::system::error_code error GUARDED_BY(mutex);
  bool first_is_ipv6 GUARDED_BY(mutex) = false;
};

std::shared_ptr<Lookup> start_lookup(const std::string& host, const std::string& port) {
  auto lookup = std::make_shared<Lookup>();
  auto resolver =
      std::make_shared<tcp::resolver>(crossplat::threadpool::shared_instance().service());
  // The same query as cpprestsdk's own, so the first answer is the one it connects to.
  resolver->async_resolve(
      tcp::resolver::query(host, port),
      [lookup, resolver](const boost::system::error_code& error, tcp::resolver::iterator found) {
        MutexLock lock(lookup->mutex);
        lookup->done = true;
        lookup->error = error;
        lookup->first_is_ipv6 =
            !error && found != tcp::resolver::iterator() && found->endpoint().address().is_v6();
        lookup->changed.notify_all();
      });
  return lookup;
}

bool is_ipv4_literal(const std::string& host) {
  boost::system::error_code error;
  boost::asio::ip::make_address_v4(host, error);
  return !error;
}

void open_socket(RawSocket& socket, const tcp& family) {
  if (socket.is_open()) return;
  boost::system::error_code error;
  socket.open(family, error);
  if (error) return;
  const int fd = socket.native_handle();
  // Credential plugins are children of this process; a connection is none of theirs.
  static_cast<void>(::fcntl(fd, F_SETFD, FD_CLOEXEC));
  notice_half_open_peer(fd);
}

Error unresolved(const std::string& host, const std::string& reason) {
  return {ErrorCode::kUnavailable, std::string(phase::kResolve) + host + ": " + reason};
}

}  // namespace

PeerFamily::PeerFamily(const Url& peer)
    : host_(peer.host),
      port_(std::to_string(peer.port)),
      literal_(is_ipv4_literal(peer.host)),
      family_(literal_ ? Family::kIpv4 : Family::kUnknown) {}

Result<void> PeerFamily::resolve(MonoTime deadline, std::stop_token stop) {
  if (family_.load() != Family::kUnknown) return {};
  const auto lookup = start_lookup(host_, port_);
  MutexLock lock(lookup->mutex);
  lookup->changed.wait_until(lookup->mutex, stop, deadline,
                             [&lookup]() LOCKED(lookup->mutex) { return lookup->done; });
  if (stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
  if (!lookup->done) return unresolved(host_, std::string(kTimedOut));
  if (lookup->error) return unresolved(host_, lookup->error.message());
  family_.store(lookup->first_is_ipv6 ? Family::kIpv6 : Family::kIpv4);
  return {};
}

void PeerFamily::forget() {
  if (!literal_) family_.store(Family::kUnknown);
}

void PeerFamily::open_plain(void* handle) const {
  const Family family = family_.load();
  if (family == Family::kUnknown) return;
  auto& socket = *static_cast<tcp::socket*>(handle);
  open_socket(socket, family == Family::kIpv6 ? tcp::v6() : tcp::v4());
}

void PeerFamily::open_tls(void* handle) const {
  const Family family = family_.load();
  if (family == Family::kUnknown) return;
  auto& stream = *static_cast<boost::asio::ssl::stream<tcp::socket&>*>(handle);
  open_socket(stream.lowest_layer(), family == Family::kIpv6 ? tcp::v6() : tcp::v4());
}

}  // namespace lookout::http
