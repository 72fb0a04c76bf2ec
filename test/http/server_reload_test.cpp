#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "src/http/server_tls.hpp"
#include "test/http/server_fixture.hpp"

using namespace lookout;
using namespace lookout::http;
using Clients = MountedTls::Clients;

namespace {

ServerResponse name_client(const ServerRequest& request) {
  ServerResponse response;
  const auto& client = request.client_certificate;
  response.body = BodyChain(client ? client->common_name : "nobody");
  return response;
}

std::unique_ptr<Server> start(const MountedTls& mounted, Clients clients = Clients::kNotAsked) {
  ServerOptions options;
  options.tls = mounted.options(clients);
  return start_server(Wire::kTls, name_client, options);
}

fakes::TlsIdentity identity(const std::string& common_name) {
  fakes::CertificateRequest request;
  request.common_name = common_name;
  return test_authority().issue(request);
}

std::string name_of(const Server& server) {
  return RawClient(server.addresses().at(0), Wire::kTls).peer_name();
}

std::string ask(RawClient& client) {
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  return client.read_answer().body;
}

bool fails(const Server& server) {
  return eventually([&] { return server.stats().tls_reload_success.value() == 0; });
}

// Lines that `body` logs.
template <class Body>
int lines_logged_by(Body body) {
  std::FILE* const file = std::tmpfile();
  const int saved = ::dup(STDERR_FILENO);
  ::dup2(::fileno(file), STDERR_FILENO);
  body();
  std::fflush(stderr);
  ::dup2(saved, STDERR_FILENO);
  ::close(saved);
  std::rewind(file);
  int lines = 0;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) lines += c == '\n' ? 1 : 0;
  std::fclose(file);
  return lines;
}

}  // namespace

TEST_CASE("server reload: a swapped pair is for new connections, old ones stay", "[http]") {
  MountedTls mounted("old");
  const auto server = start(mounted);
  RawClient before(server->addresses().at(0), Wire::kTls);
  CHECK(before.peer_name() == "old");
  mounted.write({identity("new")});
  CHECK(eventually([&] { return name_of(*server) == "new"; }));
  CHECK(ask(before) == "nobody");
  CHECK(server->stats().tls_reload_success.value() == 1);
}

TEST_CASE("server reload: a pair that does not belong together waits for its other half",
          "[http]") {
  const bool certificate_first = GENERATE(true, false);
  MountedTls mounted("old");
  const auto server = start(mounted);
  const auto next = identity("new");
  const auto put_certificate = [&] { mounted.overwrite("tls.crt", next.cert_pem); };
  const auto put_key = [&] { mounted.overwrite("tls.key", next.key_pem); };
  certificate_first ? put_certificate() : put_key();
  CHECK(fails(*server));
  CHECK(name_of(*server) == "old");
  certificate_first ? put_key() : put_certificate();
  CHECK(eventually([&] { return name_of(*server) == "new"; }));
  CHECK(server->stats().tls_reload_success.value() == 1);
}

TEST_CASE("server reload: unusable files leave the old ones in force", "[http]") {
  MountedTls mounted("old");
  const auto server = start(mounted);
  SECTION("broken") {
    mounted.write({{"no PEM", "no PEM"}});
  }
  SECTION("missing") {
    mounted.remove("tls.key");
  }
  SECTION("empty") {
    mounted.overwrite("tls.crt", "");
  }
  CHECK(fails(*server));
  CHECK(name_of(*server) == "old");
  mounted.write({identity("repaired")});
  CHECK(eventually([&] { return name_of(*server) == "repaired"; }));
  CHECK(server->stats().tls_reload_success.value() == 1);
}

TEST_CASE("server reload: what is wrong is logged once, until it is something else", "[http]") {
  MountedTls mounted;
  ServerStats stats;
  const auto identity = ServerIdentity::create(mounted.options(), stats);
  REQUIRE(identity.ok());
  const auto follow_often = [&] {
    for (int i = 0; i < 5; ++i) (*identity)->follow();
  };
  CHECK(lines_logged_by(follow_often) == 0);
  mounted.remove("tls.key");
  CHECK(lines_logged_by(follow_often) == 1);
  mounted.overwrite("tls.key", "no PEM");
  CHECK(lines_logged_by(follow_often) == 1);
  mounted.overwrite("tls.crt", "no PEM either");
  CHECK(lines_logged_by(follow_often) == 1);
  mounted.write({test_authority().issue()});
  CHECK(lines_logged_by(follow_often) == 1);
  CHECK(stats.tls_reload_success.value() == 1);
}

TEST_CASE("server reload: a file that comes back as it was is a success", "[http]") {
  MountedTls mounted("old");
  const auto server = start(mounted);
  const auto next = identity("same");
  mounted.write({next});
  CHECK(eventually([&] { return name_of(*server) == "same"; }));
  mounted.remove("tls.key");
  CHECK(fails(*server));
  mounted.overwrite("tls.key", next.key_pem);
  CHECK(eventually([&] { return server->stats().tls_reload_success.value() == 1; }));
}

TEST_CASE("server reload: the certificate's end is shown", "[http]") {
  MountedTls mounted;
  const auto server = start(mounted);
  const auto left = [&] {
    return server->stats().tls_certificate_expiry.value() - static_cast<double>(std::time(nullptr));
  };
  CHECK(left() == Approx(86'400).margin(120));
  mounted.write({test_authority().issue({.validity = fakes::Validity::kExpired})});
  CHECK(eventually([&] { return left() < 0; }));
  CHECK(left() == Approx(-86'400).margin(120));
}

TEST_CASE("server reload: a client whose CA is replaced is nobody from then on", "[http]") {
  const fakes::CertificateAuthority old_clients("old clients");
  const fakes::CertificateAuthority new_clients("new clients");
  MountedTls mounted;
  mounted.overwrite("ca.crt", old_clients.ca_pem());
  const auto server = start(mounted, Clients::kAsked);
  ClientTls tls = trusting_client();
  tls.identity = old_clients.issue({.common_name = "prometheus"});
  RawClient client(server->addresses().at(0));
  REQUIRE(client.secure(tls));
  CHECK(ask(client) == "prometheus");
  SECTION("beside the old one: both count") {
    mounted.overwrite("ca.crt", old_clients.ca_pem() + new_clients.ca_pem());
    ClientTls other = trusting_client();
    other.identity = new_clients.issue({.common_name = "other"});
    CHECK(eventually([&] {
      RawClient second(server->addresses().at(0));
      return second.secure(other) && ask(second) == "other";
    }));
    CHECK(ask(client) == "prometheus");
  }
  SECTION("instead of the old one") {
    mounted.overwrite("ca.crt", new_clients.ca_pem());
    CHECK(eventually([&] { return ask(client) == "nobody"; }));
    RawClient late(server->addresses().at(0));
    late.secure(tls);
    CHECK(ask(late).empty());
  }
}
