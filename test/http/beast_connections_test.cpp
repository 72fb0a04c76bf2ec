// What only the Beast backend has: time-outs apart, its pool, names for TLS, IPv6 literals.
#include <catch2/catch.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "lookout/http/beast_transport.hpp"

#include "test/fakes/scripted_resolver.hpp"
#include "test/http/conformance_parts.hpp"

namespace lookout::http {
namespace {

using Catch::Matchers::StartsWith;
using conformance::connect;
using conformance::message_of;
using conformance::Sending;
using conformance::WatchedSink;
using fakes::RawConnection;
using fakes::RawServer;
using std::chrono::milliseconds;

constexpr milliseconds kShort{100};

conformance::Factory factory(const BeastLimits& limits = {}) {
  return [limits](TransportOptions options) {
    return create_beast_transport(std::move(options), limits);
  };
}

std::string send_one(Transport& transport, Method method = Method::kGet) {
  WatchedSink sink;
  Request request;
  request.method = method;
  return message_of(transport.send(request, sink, {}));
}

void answer_all(RawConnection& connection) {
  while (!connection.read_head().empty()) connection.write(fakes::plain_answer("ok"));
}

void answer_with_server_name(RawConnection& connection) {
  connection.read_head();
  connection.write(fakes::plain_answer(connection.server_name()));
  connection.wait_until_closed();
}

}  // namespace

TEST_CASE("W8: beast transport: TLS has a time-out of its own") {
  const RawServer server([](RawConnection& connection) { connection.wait_until_closed(); });
  const auto transport = connect(factory({.tls_timeout = kShort}),
                                 "https://127.0.0.1:" + std::to_string(server.port()));
  CHECK(send_one(*transport) == "tls: timed out");
}

TEST_CASE("beast transport: TLS that breaks right behind a whole record says so") {
  const fakes::CertificateAuthority authority;
  const RawServer server(
      [](RawConnection& connection) {
        connection.read_head();
        const int both = 1;  // in one segment
        ::setsockopt(connection.descriptor(), IPPROTO_TCP, TCP_CORK, &both, sizeof both);
        connection.write(std::string(fakes::kChunkedHead) + "5\r\nfirst\r\n");
        const std::string forged = std::string{'\x17', 3, 3, 0, 32} + std::string(32, 'x');
        const int apart = 0;
        CHECK(::send(connection.descriptor(), forged.data(), forged.size(), 0) == 37);
        ::setsockopt(connection.descriptor(), IPPROTO_TCP, TCP_CORK, &apart, sizeof apart);
        connection.wait_until_closed();
      },
      fakes::ServerTls{authority.issue(), ""});
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  WatchedSink sink;
  const auto outcome = connect(factory(), server.url(), tls)->send({}, sink, {});
  CHECK(sink.body() == "first");
  CHECK(message_of(outcome) == "tls: decryption failed or bad record mac");
}

TEST_CASE("W8: beast transport: names have the time of a connect") {
  const auto transport =
      connect(factory({.connect_timeout = kShort}), "http://" + std::string(fakes::kSlowName));
  CHECK(send_one(*transport) == "resolve: slow.test: timed out");
  fakes::release_slow_name();
}

TEST_CASE("W8: beast transport: a silent proxy has the time of a connect") {
  const RawServer proxy([](RawConnection& connection) { connection.wait_until_closed(); });
  const std::string scheme = GENERATE("http://", "socks5://");
  const auto transport = connect(factory({.connect_timeout = kShort}), "https://cluster.test", {},
                                 *parse_url(scheme + "127.0.0.1:" + std::to_string(proxy.port())));
  CHECK(send_one(*transport) == "proxy: timed out");
}

TEST_CASE("beast transport: IPv6 literals") {
  const fakes::CertificateAuthority authority;
  const auto identity = authority.issue({.subject_alt_name = "IP:::1"});
  const RawServer server(answer_with_server_name, fakes::ServerTls{identity, ""},
                         RawServer::Family::kIpv6);
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  WatchedSink sink;
  const auto transport = connect(factory(), server.url("[::1]"), tls);
  CHECK(message_of(transport->send({}, sink, {})) == "success");
  CHECK(sink.body().empty());  // no address in SNI
}

TEST_CASE("beast transport: server_name is sent and verified in the host's place") {
  const fakes::CertificateAuthority authority;
  const auto identity = authority.issue({.subject_alt_name = "DNS:inside.test"});
  const RawServer server(answer_with_server_name, fakes::ServerTls{identity, ""});
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  WatchedSink sink;
  tls.server_name = "inside.test";
  CHECK(message_of(connect(factory(), server.url(), tls)->send({}, sink, {})) == "success");
  CHECK(sink.body() == "inside.test");
  tls.server_name = "outside.test";
  CHECK_THAT(message_of(connect(factory(), server.url(), tls)->send({}, sink, {})),
             StartsWith("tls: certificate is for another host"));
}

TEST_CASE("beast transport: keeps so many idle connections") {
  constexpr std::size_t kSends = 4;
  std::atomic<std::size_t> arrived{0};
  conformance::Gate all_here;
  const RawServer server([&](RawConnection& connection) {
    while (!connection.read_head().empty()) {
      if (++arrived == kSends) all_here.open();
      all_here.wait();
      connection.write(fakes::plain_answer("ok"));
    }
  });
  const auto transport = connect(factory({.idle_connections_max = 2}), server.url());
  const auto send_all = [&] {
    std::vector<WatchedSink> sinks(kSends);
    std::vector<std::unique_ptr<Sending>> sendings;
    for (auto& sink : sinks) sendings.push_back(std::make_unique<Sending>(*transport, sink));
    for (const auto& sending : sendings) CHECK(message_of(sending->outcome().result) == "success");
  };
  send_all();
  CHECK(server.connections() == kSends);
  for (int i = 0; i < 3; ++i) CHECK(send_one(*transport) == "success");
  CHECK(server.connections() == kSends);
}

TEST_CASE("beast transport: what must not happen twice takes a connection of its own") {
  const RawServer server(answer_all);
  const auto transport = connect(factory(), server.url());
  for (int i = 0; i < 2; ++i) CHECK(send_one(*transport) == "success");
  CHECK(server.connections() == 1);
  CHECK(send_one(*transport, Method::kPost) == "success");
  CHECK(send_one(*transport, Method::kPut) == "success");
  CHECK(server.connections() == 3);
}

TEST_CASE("beast transport: a request that was begun to be answered is not sent again") {
  std::atomic<int> asked{0};
  const RawServer server([&asked](RawConnection& connection) {
    while (!connection.read_head().empty()) {
      if (++asked == 1) {
        connection.write(fakes::plain_answer("ok"));
        continue;
      }
      connection.write("HTTP/1.1 2");
      return;
    }
  });
  const auto transport = connect(factory(), server.url());
  CHECK(send_one(*transport) == "success");
  CHECK_THAT(send_one(*transport), StartsWith("headers: peer closed"));
  CHECK(asked == 2);
}

TEST_CASE("beast transport: framing and injected fields are refused before anything is sent") {
  const RawServer server([](RawConnection& connection) { connection.wait_until_closed(); });
  const auto transport = connect(factory(), server.url());
  Request request;
  request.headers = GENERATE(Headers{{"Content-Length", "5"}}, Headers{{"transfer-encoding", "x"}},
                             Headers{{"A b", "c"}}, Headers{{"", "c"}}, Headers{{"A:", "c"}},
                             Headers{{"A", std::string("b\0", 2)}}, Headers{{"A", "b\nc"}});
  WatchedSink sink;
  const auto result = transport->send(request, sink, {});
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::kInvalid);
  CHECK(server.connections() == 0);
}

}  // namespace lookout::http
