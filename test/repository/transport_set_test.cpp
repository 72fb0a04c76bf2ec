#include "src/repository/transport_set.hpp"

#include <catch2/catch.hpp>

#include "test/repository/scan_fixture.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using lookout::testing::TemporaryFolder;

namespace {

http::Url url(const std::string& text) {
  return http::parse_url(text).value();
}

struct SetFixture : ScanFixture {
  RepositorySettings settings;
  ScanContext shared = context();
  TransportSet set{settings, shared};
};

}  // namespace

TEST_CASE("transport set: an origin has one transport, kept between scans") {
  SetFixture f;
  REQUIRE(f.set.refresh().ok());
  const auto first = f.set.open(url("https://u:p@a.example/x?y"), NamedBy::kSettings);
  REQUIRE(f.set.refresh().ok());
  const auto second = f.set.open(url("https://a.example:443/z"), NamedBy::kSettings);
  REQUIRE((first.ok() && second.ok()));
  CHECK(*first == *second);
  REQUIRE(f.peers.made().size() == 1);
  CHECK(f.peers.made()[0].origin == url("https://a.example/"));
}

TEST_CASE("transport set: changed TLS files make it anew") {
  const TemporaryFolder folder;
  SetFixture f;
  f.settings.tls.ca.file = folder.write("ca.pem", "old");
  REQUIRE(f.set.refresh().ok());
  REQUIRE(f.set.open(url("https://a.example"), NamedBy::kSettings).ok());
  folder.write("ca.pem", "fresh");
  REQUIRE(f.set.refresh().ok());
  REQUIRE(f.set.open(url("https://a.example"), NamedBy::kSettings).ok());
  REQUIRE(f.peers.made().size() == 2);
  CHECK(f.peers.made()[1].tls.ca_pem == "fresh");
}

TEST_CASE("transport set: a file that cannot be read is said at refresh") {
  SetFixture f;
  f.settings.tls.key.file = "/nonexistent/key.pem";
  const auto refreshed = f.set.refresh();
  REQUIRE_FALSE(refreshed.ok());
  CHECK_THAT(refreshed.error().message, Catch::Contains("key.pem"));
}

TEST_CASE("transport set: a host named by a server does not see the client certificate") {
  SetFixture f;
  f.settings.tls.ca.value = "ca";
  f.settings.tls.cert.value = "cert";
  f.settings.tls.key.value = "key";
  f.settings.tls.server_name = "inner";
  REQUIRE(f.set.refresh().ok());
  const auto named_by = GENERATE(NamedBy::kSettings, NamedBy::kServer);
  REQUIRE(f.set.open(url("https://a.example"), named_by).ok());
  const http::TlsOptions tls = f.peers.made()[0].tls;
  CHECK(tls.ca_pem == "ca");
  const bool whole = named_by == NamedBy::kSettings;
  CHECK(tls.cert_pem == (whole ? "cert" : ""));
  CHECK(tls.key_pem == (whole ? "key" : ""));
  CHECK(tls.server_name == (whole ? "inner" : ""));
}

TEST_CASE("transport set: redirects to ever new hosts keep a bounded number") {
  SetFixture f;
  REQUIRE(f.set.refresh().ok());
  const auto open = [&](std::size_t i) {
    return f.set.open(url("https://h" + std::to_string(i) + ".example"), NamedBy::kServer).ok();
  };
  for (std::size_t i = 0; i <= TransportSet::kTransportsMax; ++i) REQUIRE(open(i));
  REQUIRE(open(TransportSet::kTransportsMax));
  CHECK(f.peers.made().size() == TransportSet::kTransportsMax + 1);
  REQUIRE(open(0));
  CHECK(f.peers.made().size() == TransportSet::kTransportsMax + 2);
}

TEST_CASE("transport set: the proxy of the settings wins over the environment's") {
  const aws::Environment environment{{"https_proxy", "http://env:3128"}, {"NO_PROXY", "b.example"}};
  const auto proxy = [&](const std::string& setting, const std::string& to) {
    const auto chosen = choose_proxy(setting, url(to), environment).value();
    return chosen ? chosen->host : "";
  };
  CHECK(proxy("", "https://a.example") == "env");
  CHECK(proxy("", "https://b.example").empty());
  CHECK(proxy("", "http://a.example").empty());
  CHECK(proxy("socks5://set:1080", "https://b.example") == "set");
}

TEST_CASE("transport set: a proxy that is no URL is not quoted") {
  const auto chosen = choose_proxy("user:c4n4ry@proxy", url("https://a.example"), {});
  REQUIRE_FALSE(chosen.ok());
  CHECK_THAT(chosen.error().message, !Catch::Contains("c4n4ry"));
  const auto from_environment =
      choose_proxy("", url("https://a.example"), {{"HTTPS_PROXY", "ftp://c4n4ry"}});
  REQUIRE_FALSE(from_environment.ok());
  CHECK_THAT(from_environment.error().message, !Catch::Contains("c4n4ry"));
}
