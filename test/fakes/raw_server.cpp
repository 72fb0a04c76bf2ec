#include "test/fakes/raw_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "lookout/base/check.hpp"

namespace lookout::fakes {
namespace {

int listen_on_loopback(RawServer::Family family) {
  const bool ipv6 = family == RawServer::Family::kIpv6;
  const int listener = ::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  LOOKOUT_CHECK(listener >= 0);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* address =
      ipv6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  LOOKOUT_CHECK(::bind(listener, address, ipv6 ? sizeof v6 : sizeof v4) == 0);
  LOOKOUT_CHECK(::listen(listener, 64) == 0);
  return listener;
}

std::uint16_t bound_port(int listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  LOOKOUT_CHECK(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  const in_port_t port = address.ss_family == AF_INET6
                             ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                             : reinterpret_cast<const sockaddr_in&>(address).sin_port;
  return ntohs(port);
}

int connect_to_loopback(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  LOOKOUT_CHECK(
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return descriptor;
}

// Moves what is there; false at the end.
bool copy_down(int upstream, RawConnection& client) {
  std::array<char, 16 * 1024> piece{};
  const ssize_t count = ::recv(upstream, piece.data(), piece.size(), 0);
  return count > 0 && client.write({piece.data(), static_cast<std::size_t>(count)});
}

bool copy_up(RawConnection& client, int upstream) {
  const std::string piece = client.read_some();
  return !piece.empty() && ::send(upstream, piece.data(), piece.size(), MSG_NOSIGNAL) ==
                               static_cast<ssize_t>(piece.size());
}

}  // namespace

RawServer::RawServer(Script script, std::optional<ServerTls> tls, Family family)
    : script_(std::move(script)),
      tls_(std::move(tls)),
      listener_(listen_on_loopback(family)),
      port_(bound_port(listener_)),
      accepter_([this] { accept_loop(); }) {}

RawServer::~RawServer() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  accepter_.join();
  ::close(listener_);
  std::vector<std::jthread> threads;
  {
    MutexLock lock(mutex_);
    for (const auto& connection : open_) connection->wake();
    threads.swap(threads_);
  }
}

std::string RawServer::url(const std::string& host) const {
  return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_);
}

void RawServer::accept_loop() {
  while (!stopping_) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    ++connections_;
    MutexLock lock(mutex_);
    open_.push_back(std::make_unique<RawConnection>(descriptor));
    threads_.emplace_back([this, connection = open_.back().get()] { serve(*connection); });
  }
}

void RawServer::serve(RawConnection& connection) {
  if (!tls_ || connection.start_tls(*tls_)) {
    script_(connection);
  } else {
    // Closing on unread bytes would be a reset, which overtakes the alert that says why.
    connection.wait_until_closed();
  }
  connection.end();
}

std::string plain_answer(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

void run_tunnel(RawConnection& client, std::uint16_t port) {
  client.write("HTTP/1.1 200 Connection established\r\n\r\n");
  copy_both_ways(client, port);
}

void copy_both_ways(RawConnection& client, std::uint16_t port) {
  const int upstream = connect_to_loopback(port);
  for (bool open = true; open;) {
    std::array<pollfd, 2> sockets{{{client.descriptor(), POLLIN, 0}, {upstream, POLLIN, 0}}};
    if (::poll(sockets.data(), sockets.size(), 20'000) <= 0) break;
    if (sockets[0].revents != 0) open = copy_up(client, upstream);
    if (open && sockets[1].revents != 0) open = copy_down(upstream, client);
  }
  ::close(upstream);
}

}  // namespace lookout::fakes
