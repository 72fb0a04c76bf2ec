// Proxies that only the Beast backend speaks to: socks5 and https.
#include <catch2/catch.hpp>

#include "lookout/http/beast_transport.hpp"

#include "test/http/conformance_parts.hpp"

namespace lookout::http {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using conformance::connect;
using conformance::message_of;
using conformance::WatchedSink;
using fakes::RawConnection;
using fakes::RawServer;

Result<std::unique_ptr<Transport>> create(TransportOptions options) {
  return create_beast_transport(std::move(options));
}

Url proxy_url(const std::string& scheme, const RawServer& proxy, const std::string& userinfo = "") {
  Url url = *parse_url(scheme + "://127.0.0.1:" + std::to_string(proxy.port()));
  url.userinfo = userinfo;
  return url;
}

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

const std::string kGranted = bytes({5, 0, 0, 1, 127, 0, 0, 1, 0, 80});

// Expects what a client must say and answers it; then it is the origin itself.
RawServer::Script socks_script(std::string greeting, std::string chosen, std::string request,
                               std::string reply) {
  return [=](RawConnection& connection) {
    if (connection.read_exactly(greeting.size()) != greeting) return;
    connection.write(chosen);
    if (connection.read_exactly(request.size()) != request) return;
    connection.write(reply);
    connection.read_head();
    connection.write(fakes::plain_answer("by socks"));
    connection.wait_until_closed();
  };
}

struct Fetched {
  std::string outcome;
  std::string body;
};

Fetched fetch(const std::string& origin, const Url& proxy, const TlsOptions& tls = {}) {
  WatchedSink sink;
  const auto outcome = message_of(connect(create, origin, tls, proxy)->send({}, sink, {}));
  return {outcome, sink.body()};
}

std::string socks_outcome(const std::string& chosen, const std::string& reply,
                          const std::string& userinfo = "") {
  const std::string request = bytes({5, 1, 0, 3, 6}) + "a.test" + bytes({0, 80});
  const std::string greeting = bytes({5, 1, userinfo.empty() ? 0 : 2});
  const RawServer proxy(socks_script(greeting, chosen, request, reply));
  return fetch("http://a.test", proxy_url("socks5", proxy, userinfo)).outcome;
}

}  // namespace

TEST_CASE("socks5: names, IPv4 and IPv6 addresses are told to the proxy") {
  struct Case {
    std::string origin;
    std::string address;
  };
  const auto [origin, address] = GENERATE(
      Case{"http://a.test:8080", bytes({3, 6}) + "a.test" + bytes({0x1f, 0x90})},
      Case{"http://10.1.2.3", bytes({1, 10, 1, 2, 3, 0, 80})},
      Case{"http://[::1]:1", bytes({4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1})});
  const std::string scheme = GENERATE("socks5", "socks5h");
  const RawServer proxy(
      socks_script(bytes({5, 1, 0}), bytes({5, 0}), bytes({5, 1, 0}) + address, kGranted));
  const Fetched got = fetch(origin, proxy_url(scheme, proxy));
  CHECK(got.outcome == "success");
  CHECK(got.body == "by socks");
}

TEST_CASE("socks5: user and password") {
  const RawServer proxy([](RawConnection& connection) {
    if (connection.read_exactly(3) != bytes({5, 1, 2})) return;
    connection.write(bytes({5, 2}));
    const std::string expected = bytes({1, 4}) + "user" + bytes({4}) + "p@ss";
    const bool right = connection.read_exactly(expected.size()) == expected;
    connection.write(bytes({1, right ? 0 : 1}));
    connection.read_exactly(4 + 1 + 6 + 2);
    connection.write(bytes({5, 0, 0, 3, 4}) + "name" + bytes({0, 80}));
    connection.read_head();
    connection.write(fakes::plain_answer("known"));
    connection.wait_until_closed();
  });
  CHECK(fetch("http://a.test", proxy_url("socks5", proxy, "user:p%40ss")).body == "known");
  CHECK(fetch("http://a.test", proxy_url("socks5", proxy, "user:wr0n")).outcome ==
        "proxy: refuses the user or password");
}

TEST_CASE("socks5: what the proxy refuses is said") {
  CHECK(socks_outcome(bytes({5, 0xff}), "") == "proxy: wants a password");
  CHECK(socks_outcome(bytes({5, 0xff}), "", "user") == "proxy: takes no password");
  CHECK(socks_outcome("HT", "") == "proxy: speaks no SOCKS 5");
  CHECK(socks_outcome(bytes({5, 0}), bytes({5, 5, 0, 1})) == "proxy: connection refused");
  CHECK(socks_outcome(bytes({5, 0}), bytes({5, 99, 0, 1})) == "proxy: reply 99");
  CHECK(socks_outcome(bytes({5, 0}), bytes({4, 0, 0, 1})) == "proxy: speaks no SOCKS 5");
}

TEST_CASE("socks5: an early end is the proxy's") {
  const RawServer proxy([](RawConnection& connection) { connection.read_exactly(3); });
  CHECK(fetch("http://a.test", proxy_url("socks5", proxy)).outcome ==
        "proxy: peer closed the connection early");
}

TEST_CASE("socks5: a TLS origin is verified by its own name") {
  const fakes::CertificateAuthority authority;
  const auto identity = authority.issue({.subject_alt_name = "DNS:cluster.test"});
  const RawServer server(
      [](RawConnection& connection) {
        connection.read_head();
        connection.write(fakes::plain_answer(connection.server_name()));
        connection.wait_until_closed();
      },
      fakes::ServerTls{identity, ""});
  const RawServer proxy([&server](RawConnection& connection) {
    connection.read_exactly(3);
    connection.write(bytes({5, 0}));
    connection.read_exactly(4 + 1 + 12 + 2);
    connection.write(kGranted);
    fakes::copy_both_ways(connection, server.port());
  });
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  const Fetched got = fetch("https://cluster.test:6443", proxy_url("socks5", proxy), tls);
  CHECK(got.outcome == "success");
  CHECK(got.body == "cluster.test");
}

TEST_CASE("https proxy: CONNECT and whole URLs go through TLS") {
  const fakes::CertificateAuthority authority;
  std::promise<std::string> asked;
  const RawServer proxy(
      [&asked](RawConnection& connection) {
        asked.set_value(connection.read_head());
        connection.write(fakes::plain_answer("by proxy"));
        connection.wait_until_closed();
      },
      fakes::ServerTls{authority.issue(), ""});
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  SECTION("a plain origin") {
    const Fetched got = fetch("http://a.test/", proxy_url("https", proxy, "user:pass"), tls);
    CHECK(got.body == "by proxy");
    CHECK_THAT(asked.get_future().get(),
               StartsWith("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n") &&
                   Contains("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n"));
  }
  SECTION("a TLS origin: what is no tunnel is no TLS") {
    const Fetched got = fetch("https://a.test", proxy_url("https", proxy), tls);
    CHECK(got.outcome == "proxy: sent more than its answer");
    CHECK_THAT(asked.get_future().get(), StartsWith("CONNECT a.test:443 HTTP/1.1\r\n"));
  }
  SECTION("an untrusted proxy") {
    CHECK_THAT(fetch("http://a.test", proxy_url("https", proxy)).outcome,
               StartsWith("proxy: tls: certificate is signed by an unknown authority"));
  }
}

TEST_CASE("https proxy: TLS within TLS") {
  const fakes::CertificateAuthority authority;
  const auto identity = authority.issue({.subject_alt_name = "DNS:cluster.test"});
  const RawServer server(
      [](RawConnection& connection) {
        connection.read_head();
        connection.write(fakes::plain_answer(connection.server_name() + std::string(100'000, '.')));
        connection.wait_until_closed();
      },
      fakes::ServerTls{identity, ""});
  const RawServer proxy(
      [&server](RawConnection& connection) {
        connection.read_head();
        fakes::run_tunnel(connection, server.port());
      },
      fakes::ServerTls{authority.issue(), ""});
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  const Fetched got = fetch("https://cluster.test:6443", proxy_url("https", proxy), tls);
  CHECK(got.outcome == "success");
  CHECK(got.body == "cluster.test" + std::string(100'000, '.'));
}

TEST_CASE("proxy: settings that cannot work are refused") {
  const auto refusal = [](const std::string& proxy, const std::string& origin) {
    const auto made = create({*parse_url(origin), {}, *parse_url(proxy)});
    REQUIRE_FALSE(made);
    CHECK(made.error().code == ErrorCode::kInvalid);
    return made.error().message;
  };
  CHECK_THAT(refusal("http://us%zzer:secret@p.test", "http://a.test"),
             Contains("bad escape") && !Contains("secret"));
  CHECK_THAT(refusal("socks5://" + std::string(256, 'u') + "@p.test", "http://a.test"),
             Contains("255 bytes"));
  const auto made = create({*parse_url("socks5://a.test"), {}, std::nullopt});
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::kInvalid);
}

}  // namespace lookout::http
