#include <catch2/catch.hpp>
#include <openssl/tls1.h>

#include <atomic>

#include "lookout/base/mutex.hpp"

#include "test/http/server_fixture.hpp"

using namespace lookout;
using namespace lookout::http;
using Catch::Matchers::Contains;
using Clients = MountedTls::Clients;

namespace {

struct Seen {
  Mutex mutex;
  std::vector<std::optional<ClientCertificate>> certificates GUARDED_BY(mutex);

  std::optional<ClientCertificate> last() {
    MutexLock lock(mutex);
    REQUIRE_FALSE(certificates.empty());
    return certificates.back();
  }
};

// A server that trusts `clients`, and what its handler saw.
class Asking {
 public:
  explicit Asking(const fakes::CertificateAuthority& clients) {
    mounted_.overwrite("ca.crt", clients.ca_pem());
    ServerOptions options;
    options.tls = mounted_.options(Clients::kAsked);
    const auto note = [this](const ServerRequest& request) {
      MutexLock lock(seen_.mutex);
      seen_.certificates.push_back(request.client_certificate);
      return ServerResponse{};
    };
    server_ = start_server(Wire::kTls, note, options);
  }

  // 0: refused; the client then knows why.
  int ask(RawClient& client, const ClientTls& tls) {
    if (!client.secure(tls)) return 0;
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.read_answer().status;
  }
  RawClient connect() const { return RawClient(server_->addresses().at(0)); }
  std::optional<ClientCertificate> seen() { return seen_.last(); }
  const ServerStats& stats() const { return server_->stats(); }

 private:
  MountedTls mounted_;
  Seen seen_;
  std::unique_ptr<Server> server_;
};

ClientTls with(const fakes::TlsIdentity& identity, int version_max = 0) {
  ClientTls tls = trusting_client();
  tls.identity = identity;
  tls.version_max = version_max;
  return tls;
}

}  // namespace

TEST_CASE("client certificate: a verified one's subject comes with the request", "[http]") {
  const auto version = GENERATE(0, TLS1_2_VERSION);
  const fakes::CertificateAuthority clients("clients");
  Asking asking(clients);
  const auto [request, expected] = GENERATE(table<fakes::CertificateRequest, ClientCertificate>({
      {{.common_name = "prometheus", .organizations = {"monitoring", "system:masters"}},
       {"prometheus", {"monitoring", "system:masters"}}},
      {{.common_name = "Zoë \"a\"\n", .organizations = {}}, {"Zoë \"a\"\n", {}}},
      {{.common_name = "", .organizations = {"only"}}, {"", {"only"}}},
      {{.common_name = "client", .usage = "clientAuth"}, {"client", {}}},
  }));
  auto client = asking.connect();
  CHECK(asking.ask(client, with(clients.issue(request), version)) == 200);
  CHECK(asking.seen() == expected);
}

TEST_CASE("client certificate: none is fine", "[http]") {
  const fakes::CertificateAuthority clients("clients");
  Asking asking(clients);
  auto client = asking.connect();
  CHECK(asking.ask(client, trusting_client()) == 200);
  CHECK(asking.seen() == std::nullopt);
}

TEST_CASE("client certificate: one that is not vouched for fails the handshake", "[http]") {
  const auto version = GENERATE(0, TLS1_2_VERSION);
  // One for all: the table is made once.
  static const fakes::CertificateAuthority clients("clients");
  static const fakes::CertificateAuthority namesake("clients");
  Asking asking(clients);
  using fakes::Validity;
  const auto [identity, why] = GENERATE(table<fakes::TlsIdentity, std::string>({
      {namesake.issue(), "unknown ca"},
      {namesake.issue({.names_key = false}), "decrypt error"},
      {test_authority().issue(), "unknown ca"},
      {clients.issue({.validity = Validity::kExpired}), "certificate expired"},
      {clients.issue({.validity = Validity::kNotYet}), "bad certificate"},
      {clients.issue({.usage = "serverAuth"}), "unsupported certificate"},
  }));
  auto client = asking.connect();
  CHECK(asking.ask(client, with(identity, version)) == 0);
  CHECK_THAT(client.tls_error(), Contains(why));
  CHECK(eventually([&] { return asking.stats().tls_handshake_failures.value() == 1; }));
  CHECK(asking.stats().requests.value() == 0);
}

TEST_CASE("client certificate: unasked for, it is not looked at", "[http]") {
  const fakes::CertificateAuthority clients("clients");
  std::atomic<bool> shown = true;
  const auto server = start_server(Wire::kTls, [&](const ServerRequest& request) {
    shown = request.client_certificate.has_value();
    return ServerResponse{};
  });
  RawClient client(server->addresses().at(0));
  REQUIRE(client.secure(with(clients.issue())));
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.read_answer().status == 200);
  CHECK_FALSE(shown);
}
