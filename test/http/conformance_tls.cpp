#include <catch2/catch.hpp>

#include "test/http/conformance_parts.hpp"

namespace lookout::http::conformance {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using fakes::CertificateAuthority;
using fakes::CertificateRequest;
using fakes::RawConnection;
using fakes::RawServer;
using fakes::ServerTls;
using fakes::Validity;

constexpr std::size_t kLongChainBytes = 64 * 1024;  // as DER; PEM is a third longer

void answer(RawConnection& connection) {
  connection.read_head();
  connection.write(fakes::plain_answer(connection.server_name()));
  connection.wait_until_closed();
}

struct Attempted {
  Result<void> result;
  std::string server_name;  // as the server saw it
};

Attempted attempt(const Factory& create, const ServerTls& server_tls, const TlsOptions& client_tls,
                  const std::string& host = "127.0.0.1") {
  const RawServer server(answer, server_tls);
  WatchedSink sink;
  auto result = connect(create, server.url(host), client_tls)->send({}, sink, {});
  return {std::move(result), sink.body()};
}

TlsOptions trusting(const CertificateAuthority& authority) {
  TlsOptions options;
  options.ca_pem = authority.ca_pem();
  return options;
}

void check_refused(const Attempted& attempted, const std::string& why) {
  REQUIRE_FALSE(attempted.result.ok());
  CHECK(attempted.result.error().code == ErrorCode::kUnavailable);
  CHECK_THAT(attempted.result.error().message, StartsWith("tls: ") && Contains(why));
}

void server_certificates(const Factory& create) {
  const CertificateAuthority authority;
  const CertificateAuthority stranger("somebody else's CA");
  const auto issued = [&](const CertificateRequest& request) {
    return ServerTls{authority.issue(request), ""};
  };
  SECTION("of the CA, for the address") {
    const auto attempted =
        attempt(create, issued({.subject_alt_name = "IP:127.0.0.1"}), trusting(authority));
    CHECK(message_of(attempted.result) == "success");
    CHECK(attempted.server_name.empty());
  }
  SECTION("of the CA, for the name, which is sent as SNI") {
    const auto attempted = attempt(create, issued({.subject_alt_name = "DNS:localhost"}),
                                   trusting(authority), "localhost");
    CHECK(message_of(attempted.result) == "success");
    CHECK(attempted.server_name == "localhost");
  }
  SECTION("of one of several CAs") {
    TlsOptions options = trusting(authority);
    options.ca_pem = stranger.ca_pem() + options.ca_pem;
    CHECK(message_of(attempt(create, issued({}), options).result) == "success");
  }
  SECTION("of an unknown CA") {
    check_refused(attempt(create, issued({}), trusting(stranger)), "unknown authority");
  }
  SECTION("of a CA that the system does not know") {
    check_refused(attempt(create, issued({}), {}), "unknown authority");
  }
  SECTION("for another address") {
    check_refused(attempt(create, issued({.subject_alt_name = "IP:10.0.0.1"}), trusting(authority)),
                  "another host");
  }
  SECTION("for another name") {
    check_refused(attempt(create, issued({.subject_alt_name = "DNS:example.org"}),
                          trusting(authority), "localhost"),
                  "another host");
  }
  SECTION("expired") {
    check_refused(attempt(create, issued({.validity = Validity::kExpired}), trusting(authority)),
                  "expired");
  }
  SECTION("not valid yet") {
    check_refused(attempt(create, issued({.validity = Validity::kNotYet}), trusting(authority)),
                  "not yet valid");
  }
  SECTION("over nothing newer than TLS 1.1") {
    ServerTls outdated = issued({});
    outdated.outdated = true;
    check_refused(attempt(create, outdated, trusting(authority)), "protocol version");
  }
  SECTION("with a chain of 64 KB") {
    ServerTls endless = issued({});
    while (endless.identity.cert_pem.size() < 4 * kLongChainBytes / 3) {
      endless.identity.cert_pem += stranger.ca_pem();
    }
    check_refused(attempt(create, endless, trusting(authority)), "chain is too long");
  }
  SECTION("signed by itself") {
    check_refused(attempt(create, {stranger.own(), ""}, trusting(authority)), "unknown authority");
  }
  SECTION("not looked at when told so") {
    TlsOptions options = trusting(stranger);
    options.insecure_skip_verify = true;
    const auto server_tls =
        issued({.subject_alt_name = "DNS:example.org", .validity = Validity::kExpired});
    CHECK(message_of(attempt(create, server_tls, options).result) == "success");
  }
}

void client_certificates(const Factory& create) {
  const CertificateAuthority authority;
  const CertificateAuthority clients("client CA");
  const ServerTls server_tls{authority.issue(), clients.ca_pem()};
  TlsOptions options = trusting(authority);
  SECTION("are shown") {
    const auto identity = clients.issue();
    options.cert_pem = identity.cert_pem;
    options.key_pem = identity.key_pem;
    CHECK(message_of(attempt(create, server_tls, options).result) == "success");
  }
  SECTION("are missed") {
    check_refused(attempt(create, server_tls, options), "certificate required");
  }
}

void refuses_settings(const Factory& create, const TlsOptions& options, const std::string& why) {
  const auto transport = create({*parse_url("https://localhost"), options, std::nullopt});
  REQUIRE_FALSE(transport.ok());
  CHECK(transport.error().code == ErrorCode::kInvalid);
  CHECK_THAT(transport.error().message, Contains(why));
}

void settings(const Factory& create) {
  const CertificateAuthority authority;
  const auto identity = authority.issue();
  const auto other = authority.issue();
  TlsOptions options;
  SECTION("a CA that is none") {
    options.ca_pem = GENERATE("rubbish",
                              "-----BEGIN CERTIFICATE-----\nAAAA\n"
                              "-----END CERTIFICATE-----\n");
    refuses_settings(create, options, "ca: ");
  }
  SECTION("a certificate without its key") {
    options.cert_pem = identity.cert_pem;
    refuses_settings(create, options, "one is missing");
  }
  SECTION("a key that is none") {
    options.cert_pem = identity.cert_pem;
    options.key_pem = "rubbish";
    refuses_settings(create, options, "client key: ");
  }
  SECTION("a key of another certificate") {
    options.cert_pem = identity.cert_pem;
    options.key_pem = other.key_pem;
    refuses_settings(create, options, "does not belong");
  }
}

}  // namespace

void tls(const Factory& create) {
  SECTION("server certificate") {
    server_certificates(create);
  }
  SECTION("client certificate") {
    client_certificates(create);
  }
  SECTION("settings refused") {
    settings(create);
  }
  SECTION("a server that speaks no TLS") {
    const RawServer server([](RawConnection& connection) {
      connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
      connection.wait_until_closed();
    });
    WatchedSink sink;
    const auto transport = connect(create, "https://127.0.0.1:" + std::to_string(server.port()));
    CHECK_THAT(message_of(transport->send({}, sink, {})), StartsWith("tls: "));
  }
  SECTION("a server that hangs up in the handshake") {
    const RawServer server([](RawConnection& connection) { connection.read_exactly(5); });
    WatchedSink sink;
    const auto transport = connect(create, "https://127.0.0.1:" + std::to_string(server.port()));
    CHECK_THAT(message_of(transport->send({}, sink, {})), StartsWith("tls: "));
  }
}

}  // namespace lookout::http::conformance
