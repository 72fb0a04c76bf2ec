#include <catch2/catch.hpp>
#include <openssl/tls1.h>

#include <chrono>

#include "test/http/server_fixture.hpp"

using namespace lookout;
using namespace lookout::http;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

ServerResponse answer_ok(const ServerRequest&) {
  ServerResponse response;
  response.body = BodyChain("ok");
  return response;
}

std::string get(const std::string& host) {
  return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

ClientTls client_of(int version_max, const std::string& protocols = "",
                    const std::string& ciphers = "") {
  ClientTls tls = trusting_client();
  tls.version_max = version_max;
  tls.protocols = protocols;
  tls.ciphers = ciphers;
  return tls;
}

struct Attempt {
  const std::unique_ptr<Server> server = start_server(Wire::kTls, answer_ok);
  RawClient client{server->addresses().at(0)};
  bool secured = false;

  explicit Attempt(const ClientTls& tls) : secured(client.secure(tls)) {}
};

Result<std::unique_ptr<Server>> create(const ServerTls& tls) {
  return Server::create("test-server", {"127.0.0.1:0"}, answer_ok, {.tls = tls});
}

}  // namespace

TEST_CASE("server tls: TLS 1.2 and 1.3, HTTP/1.1 if the client asks", "[http]") {
  const auto [version, name] =
      GENERATE(table<int, std::string>({{0, "TLSv1.3"}, {TLS1_2_VERSION, "TLSv1.2"}}));
  Attempt attempt(client_of(version, "\x02h2\x08http/1.1"));
  REQUIRE(attempt.secured);
  CHECK(attempt.client.version() == name);
  CHECK(attempt.client.protocol() == "http/1.1");
  attempt.client.send(get("x"));
  CHECK(attempt.client.read_answer().body == "ok");
  CHECK(attempt.server->stats().tls_handshake_failures.value() == 0);
}

TEST_CASE("server tls: what is out of date is refused, and told why", "[http]") {
  const auto [tls, why] = GENERATE(table<ClientTls, std::string>({
      {client_of(TLS1_1_VERSION), "tlsv1 alert protocol version"},
      {client_of(TLS1_2_VERSION, "", "AES128-SHA"), "sslv3 alert handshake failure"},
      {client_of(TLS1_2_VERSION, "", "ECDHE-ECDSA-AES128-SHA"), "sslv3 alert handshake failure"},
      {client_of(0, "\x02h2"), "tlsv1 alert no application protocol"},
  }));
  Attempt attempt(tls);
  CHECK_FALSE(attempt.secured);
  CHECK(attempt.client.tls_error() == why);
  CHECK(eventually([&] { return attempt.server->stats().tls_handshake_failures.value() == 1; }));
  CHECK(attempt.server->stats().requests.value() == 0);
}

TEST_CASE("server tls: the last response is ended by a close_notify", "[http]") {
  Attempt attempt(trusting_client());
  attempt.client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(attempt.client.read_answer().body == "ok");
  CHECK(attempt.client.was_closed());
  CHECK(attempt.client.ended_cleanly());
}

TEST_CASE("server tls: bytes after the last request do not lose its answer", "[http]") {
  Attempt attempt(trusting_client());
  attempt.client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n");
  attempt.client.send(std::string(900'000, 'b'));
  CHECK(attempt.client.read_answer().status == 405);
}

TEST_CASE("server tls: a large scrape reaches a slow reader whole", "[http]") {
  BodyChain chain;
  for (int i = 0; i < 100; ++i) {
    chain.append(std::make_shared<const std::string>(180'000, static_cast<char>('a' + i % 26)));
    chain.append(std::make_shared<const std::string>("\n"));
  }
  const auto server = start_server(Wire::kTls, [&chain](const ServerRequest& request) {
    ServerResponse response;
    if (request.path == "/") response.body = chain;
    return response;
  });
  RawClient client(server->addresses().at(0), Wire::kTls);
  client.send(get("x"));
  // More than the buffers between them hold: the server waits while others are answered.
  CHECK(eventually([&] { return server->stats().requests.value() == 1; }));
  for (int i = 0; i < 5; ++i) {
    CHECK(fetch(server->addresses().at(0), "/other", Wire::kTls).status == 200);
  }
  const Answer answer = client.read_answer();
  REQUIRE(answer.body.size() == 18'000'100);
  std::string expected;
  for (const auto& piece : chain.pieces()) expected += *piece;
  CHECK(answer.body == expected);
}

TEST_CASE("hostile handshake: plain HTTP is told so", "[http]") {
  const auto server = start_server(Wire::kTls, answer_ok);
  RawClient client(server->addresses().at(0));
  client.send(get("x"));
  const Answer answer = client.read_answer();
  CHECK(answer.status == 400);
  CHECK(answer.body == "this port is for HTTPS\n");
  CHECK(answer.header("Strict-Transport-Security").empty());
  CHECK(client.was_closed());
  CHECK(server->stats().bad_requests.value() == 1);
  CHECK(server->stats().tls_handshake_failures.value() == 0);
}

TEST_CASE("hostile handshake: garbage that looks like a handshake is a failed one", "[http]") {
  const auto server = start_server(Wire::kTls, answer_ok);
  RawClient client(server->addresses().at(0));
  client.send("\x16" + std::string(600, '\xff'));
  client.read_to_end();
  CHECK(eventually([&] { return server->stats().tls_handshake_failures.value() == 1; }));
}

TEST_CASE("hostile handshake: a handshake that is not finished is cut off", "[http]") {
  const std::string begun = GENERATE(std::string(), "\x16", "\x16\x03\x01\x02");
  ServerOptions options;
  options.limits.handshake_timeout = 50ms;
  const auto server = start_server(Wire::kTls, answer_ok, options);
  RawClient client(server->addresses().at(0));
  client.send(begun);
  CHECK(client.was_closed());
  CHECK(server->stats().timeouts.value() == 1);
  CHECK(server->stats().tls_handshake_failures.value() == 1);
}

TEST_CASE("hostile handshake: a handshake that trickles does not get more time", "[http]") {
  ServerOptions options;
  options.limits.handshake_timeout = 100ms;
  const auto server = start_server(Wire::kTls, answer_ok, options);
  RawClient client(server->addresses().at(0));
  client.send({"\x16\x03\x01\x40\x00\x01", 6});  // a record of 16 KiB follows, byte by byte
  CHECK(eventually([&] {
    fetch(server->addresses().at(0), "/");  // takes its time: the record is not to end
    client.send("a");
    return server->stats().timeouts.value() == 1;
  }));
}

TEST_CASE("hostile handshake: handshakes begun count as connections, the oldest makes room",
          "[http]") {
  ServerOptions options;
  options.limits.connections_max = 2;
  const auto server = start_server(Wire::kTls, answer_ok, options);
  const std::string address = server->addresses().at(0);
  RawClient first(address);
  RawClient second(address);
  second.send("\x16");
  RawClient third(address);
  CHECK(first.was_closed());
  CHECK(third.secure(trusting_client()));
  CHECK(server->stats().timeouts.value() == 1);
  CHECK(server->stats().refused_connections.value() == 0);
}

TEST_CASE("server tls: responses are for HTTPS only, but those of a port-forward", "[http]") {
  const auto [host, expected] = GENERATE(table<std::string, std::string>({
      {"lookout.example.com", "max-age=31536000"},
      {"localhost.example.com:8443", "max-age=31536000"},
      {"localhost", ""},
      {"Localhost:9104", ""},
  }));
  Attempt attempt(trusting_client());
  attempt.client.send(get(host));
  CHECK(attempt.client.read_answer().header("Strict-Transport-Security") == expected);

  const auto plain = start_server(Wire::kPlain, answer_ok);
  RawClient client(plain->addresses().at(0));
  client.send(get(host));
  CHECK(client.read_answer().header("Strict-Transport-Security").empty());
}

TEST_CASE("server tls: a file that cannot be used is an error that names it", "[http]") {
  MountedTls mounted;
  const ServerTls tls = mounted.options(MountedTls::Clients::kAsked);
  SECTION("missing") {
    const auto server = create(tls);
    REQUIRE_FALSE(server.ok());
    CHECK(server.error().code == ErrorCode::kNotFound);
    CHECK_THAT(server.error().message, Contains("tls: ") && Contains(tls.client_ca_file));
  }
  SECTION("not PEM, not its key, encrypted") {
    const auto stranger = test_authority().issue();
    const std::string encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIG=\n-----END ENCRYPTED PRIVATE KEY-----\n";
    const auto [name, content, why] = GENERATE_COPY(table<std::string, std::string, std::string>({
        {"tls.crt", "", "no certificate"},
        {"tls.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "not valid"},
        {"tls.key", stranger.key_pem, "does not belong to the certificate"},
        {"tls.key", encrypted, "no usable private key"},
        {"ca.crt", stranger.key_pem, "no certificate"},
        {"ca.crt", std::string(2 * 1024 * 1024, 'x'), "larger than"},
    }));
    mounted.overwrite("ca.crt", test_authority().ca_pem());
    mounted.overwrite(name, content);
    const auto server = create(tls);
    REQUIRE_FALSE(server.ok());
    CHECK_THAT(server.error().message, Contains("/" + name + "\"") && Contains(why));
    if (!content.empty()) CHECK_THAT(server.error().message, !Contains(content.substr(30, 20)));
  }
}
