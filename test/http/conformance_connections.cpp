#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <atomic>
#include <vector>

#include "test/fakes/scripted_resolver.hpp"
#include "test/http/conformance_parts.hpp"

namespace lookout::http::conformance {
namespace {

using fakes::RawConnection;
using fakes::RawServer;

std::string send_one(Transport& transport) {
  WatchedSink sink;
  return message_of(transport.send({}, sink, {}));
}

void answer_all(RawConnection& connection) {
  while (!connection.read_head().empty()) connection.write(fakes::plain_answer("ok"));
}

void reuses_connections(const Factory& create) {
  RawServer server(answer_all);
  const auto transport = connect(create, server.url());
  for (int i = 0; i < 50; ++i) REQUIRE(send_one(*transport) == "success");
  // A connection may go back to the pool a moment after its response has ended.
  CHECK(server.connections() <= 5);
}

// The server ends the connection after each answer, without saying so before.
void survives_closed_idle_connections(const Factory& create, const RawServer::Script& script) {
  RawServer server(script);
  const auto transport = connect(create, server.url());
  for (int i = 0; i < 20; ++i) REQUIRE(send_one(*transport) == "success");
  CHECK(server.connections() == 20);
}

void obeys_connection_close(const Factory& create) {
  RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    connection.wait_until_closed();
  });
  const auto transport = connect(create, server.url());
  for (int i = 0; i < 3; ++i) REQUIRE(send_one(*transport) == "success");
  CHECK(server.connections() == 3);
}

void sends_at_once(const Factory& create) {
  constexpr std::size_t kSends = 16;
  std::atomic<std::size_t> arrived{0};
  Gate all_here;
  RawServer server([&](RawConnection& connection) {
    connection.read_head();
    if (++arrived == kSends) all_here.open();
    all_here.wait();
    connection.write(fakes::plain_answer("ok"));
    connection.wait_until_closed();
  });
  const auto transport = connect(create, server.url());
  std::vector<WatchedSink> sinks(kSends);
  std::vector<std::unique_ptr<Sending>> sendings;
  for (WatchedSink& sink : sinks) {
    sendings.push_back(std::make_unique<Sending>(*transport, sink));
  }
  for (const auto& sending : sendings) CHECK(message_of(sending->outcome().result) == "success");
  for (const WatchedSink& sink : sinks) CHECK(sink.body() == "ok");
}

std::uint16_t port_of(const sockaddr_storage& address) {
  return ntohs(address.ss_family == AF_INET6
                   ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                   : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

// The client's end of a connection to `port`, which is in this process; -1: none.
int socket_connected_to(std::uint16_t port) {
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
    if (port_of(peer) == port) return descriptor;
  }
  return -1;
}

int option(int descriptor, int level, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  CHECK(::getsockopt(descriptor, level, name, &value, &size) == 0);
  return value;
}

// A peer that vanishes without a word is noticed by the kernel: keepalive while
// nothing is sent, TCP_USER_TIMEOUT while something is.
void notices_half_open_peers(const Factory& create, const RawServer& server,
                             const std::string& host, TlsOptions tls_options) {
  WatchedSink sink;
  const auto transport = connect(create, server.url(host), std::move(tls_options));
  Sending sending(*transport, sink);
  REQUIRE(sink.wait_for_bytes(5));
  const int descriptor = socket_connected_to(server.port());
  REQUIRE(descriptor >= 0);
  CHECK(option(descriptor, SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE) == 15);
  CHECK(option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL) == 5);
  CHECK(option(descriptor, IPPROTO_TCP, TCP_KEEPCNT) == 6);
  CHECK(option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT) == 30'000);
}

void stream_without_end(RawConnection& connection) {
  connection.read_head();
  connection.write(fakes::kChunkedHead);
  connection.write_chunk("first");
  connection.wait_until_closed();
}

}  // namespace

void connections(const Factory& create) {
  SECTION("are reused") {
    reuses_connections(create);
  }
  SECTION("that the server closed are opened again") {
    survives_closed_idle_connections(create, [](RawConnection& connection) {
      connection.read_head();
      connection.write(fakes::plain_answer("ok"));
    });
  }
  SECTION("that the server reset are opened again") {
    survives_closed_idle_connections(create, [](RawConnection& connection) {
      connection.read_head();
      connection.write(fakes::plain_answer("ok"));
      connection.reset();
    });
  }
  SECTION("end with Connection: close") {
    obeys_connection_close(create);
  }
  SECTION("are as many as sends") {
    sends_at_once(create);
  }
  SECTION("notice half-open peers on IPv4") {
    const RawServer server(stream_without_end);
    notices_half_open_peers(create, server, GENERATE("127.0.0.1", "localhost"), {});
  }
  SECTION("notice half-open peers on IPv6") {
    const RawServer server(stream_without_end, std::nullopt, RawServer::Family::kIpv6);
    notices_half_open_peers(create, server, std::string(fakes::kIpv6Name), {});
  }
  SECTION("notice half-open peers under TLS") {
    const fakes::CertificateAuthority authority;
    const auto identity = authority.issue({.subject_alt_name = "DNS:six.test"});
    const RawServer server(stream_without_end, fakes::ServerTls{identity, ""},
                           RawServer::Family::kIpv6);
    TlsOptions tls;
    tls.ca_pem = authority.ca_pem();
    notices_half_open_peers(create, server, std::string(fakes::kIpv6Name), tls);
  }
}

}  // namespace lookout::http::conformance
