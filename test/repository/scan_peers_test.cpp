// Scans through the real transport, of peers that do what well-behaved servers never do.
#include <catch2/catch.hpp>

#include <future>

#include "lookout/encoding/gzip.hpp"
#include "lookout/http/beast_transport.hpp"
#include "lookout/repository/scan.hpp"

#include "test/fakes/raw_server.hpp"
#include "test/fakes/scripted_resolver.hpp"
#include "test/repository/scan_fixture.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using fakes::RawConnection;
using fakes::RawServer;
using lookout::testing::TemporaryFolder;

namespace {

constexpr std::chrono::seconds kGuard{20};

struct PeerFixture {
  SystemClock clock;
  ScanStats stats;
  ScanContext context{
      [](http::TransportOptions options) { return create_beast_transport(std::move(options)); },
      clock,
      {},
      stats};
};

RepositorySettings settings_for(const std::string& url) {
  RepositorySettings settings;
  settings.source = HttpSource{.url = http::parse_url(url).value()};
  settings.timeout = kGuard;
  return settings;
}

ScanOutcome scan(const RepositorySettings& settings) {
  PeerFixture f;
  return Scanner(settings, f.context).scan({});
}

ScanOutcome scan(const RawServer& server) {
  return scan(settings_for(server.url()));
}

std::string head(const std::string& fields) {
  return "HTTP/1.1 200 OK\r\n" + fields + "\r\n";
}

// Announces a body of ten times what it sends.
void send_beginning(RawConnection& connection) {
  connection.read_head();
  connection.write(head("Content-Length: " + std::to_string(10 * index_text(50).size()) + "\r\n") +
                   index_text(50));
}

}  // namespace

TEST_CASE("scan of a peer: an index, then 304") {
  PeerFixture f;
  RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write(
        head("ETag: \"1\"\r\nContent-Length: " + std::to_string(index_text().size()) + "\r\n") +
        index_text());
    const std::string second = connection.read_head();
    const bool conditional = second.find("If-None-Match: \"1\"") != std::string::npos;
    connection.write(conditional ? "HTTP/1.1 304 Not Modified\r\n\r\n"
                                 : "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
    connection.wait_until_closed();
  });
  Scanner scanner(settings_for(server.url()), f.context);
  data_of(scanner.scan({}));
  CHECK(std::holds_alternative<Unchanged>(scanner.scan({})));
  CHECK(server.connections() == 1);
}

TEST_CASE("scan of a peer: chunks of gzip") {
  RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write(head("Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"));
    const std::string body = encoding::gzip(index_text(3'000));
    for (std::size_t i = 0; i < body.size(); i += 1'000) {
      connection.write_chunk(std::string_view(body).substr(i, 1'000));
    }
    connection.write(fakes::kLastChunk);
  });
  CHECK(data_of(scan(server)).index.charts.at(0).versions.size() == 3'000);
}

TEST_CASE("HRE-2: scan of a peer: stop ends a scan within a second in any phase") {
  const bool with_head = GENERATE(false, true);
  std::promise<void> silent;
  RawServer server([&](RawConnection& connection) {
    if (with_head) send_beginning(connection);
    silent.set_value();
    connection.wait_until_closed();
  });
  PeerFixture f;
  Scanner scanner(settings_for(server.url()), f.context);
  std::stop_source stop;
  auto outcome = std::async(std::launch::async, [&] { return scanner.scan(stop.get_token()); });
  REQUIRE(silent.get_future().wait_for(kGuard) == std::future_status::ready);
  const auto stopped_at = std::chrono::steady_clock::now();
  stop.request_stop();
  REQUIRE(outcome.wait_for(kGuard) == std::future_status::ready);
  CHECK(std::chrono::steady_clock::now() - stopped_at < std::chrono::seconds(1));
  CHECK(std::holds_alternative<Cancelled>(outcome.get()));
}

TEST_CASE("scan of a peer: TLS trusts the settings' CA alone, until it is told otherwise") {
  const fakes::CertificateAuthority authority;
  const auto serve = [](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::plain_answer(index_text()));
  };
  RawServer server(serve, fakes::ServerTls{authority.issue(), ""});
  RepositorySettings settings = settings_for(server.url("localhost"));
  REQUIRE(std::get<HttpSource>(settings.source).url.scheme == "https");
  CHECK(error_of(scan(settings)).type == ScanErrorType::kTls);
  SECTION("its CA") {
    settings.tls.ca.value = authority.ca_pem();
  }
  SECTION("insecure") {
    settings.tls.insecure_skip_verify = true;
  }
  data_of(scan(settings));
}

TEST_CASE("scan of a peer: a client certificate that was rotated is shown") {
  const TemporaryFolder folder;
  const fakes::CertificateAuthority authority;
  const fakes::CertificateAuthority stranger("stranger");
  RawServer server(
      [](RawConnection& connection) {
        connection.read_head();
        connection.write(fakes::plain_answer(index_text()));
      },
      fakes::ServerTls{authority.issue(), authority.ca_pem()});
  RepositorySettings settings = settings_for(server.url("localhost"));
  settings.tls.ca.value = authority.ca_pem();
  const auto show = [&](const fakes::TlsIdentity& identity) {
    settings.tls.cert.file = folder.write("cert.pem", identity.cert_pem);
    settings.tls.key.file = folder.write("key.pem", identity.key_pem);
  };
  show(stranger.issue());
  PeerFixture f;
  Scanner scanner(settings, f.context);
  CHECK(std::holds_alternative<ScanError>(scanner.scan({})));
  show(authority.issue());
  data_of(scanner.scan({}));
}

TEST_CASE("scan of a peer: PEM that is none is an error of the settings") {
  RepositorySettings settings = settings_for("https://localhost:1");
  settings.tls.ca.value = "c4n4ry";
  const ScanError error = error_of(scan(settings));
  CHECK(error.type == ScanErrorType::kCredentials);
  CHECK_THAT(error.message, !Catch::Contains("c4n4ry"));
}
