#include <catch2/catch.hpp>

#include "src/repository/http_source.hpp"
#include "test/repository/scan_fixture.hpp"

using namespace lookout;
using namespace lookout::repository;

namespace {

const std::string kHome = "https://charts.example:443";
const std::string kAway = "https://cdn.example:443";

fakes::ScriptedResponse redirect(const std::string& location, int status = 302) {
  return answer(status, {{"Location", location}});
}

// A repository with every kind of credential.
struct RedirectFixture : ScanFixture {
  RepositorySettings settings;
  ScanContext shared = context();

  RedirectFixture() {
    HttpSource source{.url = http::parse_url("https://charts.example/index.yaml").value()};
    source.auth.bearer_token.value = "token";
    source.auth.headers = {{"X-API-Key", Secret{.value = "key"}}};
    settings.source = source;
    settings.tls.cert.value = "cert";
    settings.tls.key.value = "key";
  }
  ScanOutcome scan() {
    HttpSourceReader reader(settings, shared);
    return reader.scan({}, clock.now() + std::chrono::seconds(30));
  }
};

bool identifies_us(const http::Request& request) {
  return request.headers.find("Authorization") != nullptr ||
         request.headers.find("X-API-Key") != nullptr;
}

}  // namespace

TEST_CASE("http redirect: within the origin credentials go along") {
  const int status = GENERATE(301, 302, 303, 307, 308);
  RedirectFixture f;
  f.peers.at(kHome).add(redirect("/v2/index.yaml?x=1", status));
  f.peers.at(kHome).add(index_answer());
  data_of(f.scan());
  const auto requests = f.peers.at(kHome).requests();
  CHECK(requests[1].target == "/v2/index.yaml?x=1");
  CHECK(identifies_us(requests[1]));
  CHECK(f.peers.made().size() == 1);
}

TEST_CASE("HRE-11: http redirect: another origin gets no credentials, headers or certificate") {
  const std::string origin =
      GENERATE(as<std::string>(), "https://cdn.example:443", "https://charts.example:8443",
               "https://sub.charts.example:443");
  RedirectFixture f;
  f.peers.at(kHome).add(redirect(origin + "/index.yaml"));
  f.peers.at(origin).add(index_answer());
  data_of(f.scan());
  CHECK(identifies_us(f.peers.at(kHome).requests()[0]));
  CHECK_FALSE(identifies_us(f.peers.at(origin).requests()[0]));
  CHECK(f.peers.made()[1].tls.cert_pem.empty());
  CHECK(f.peers.made()[1].tls.key_pem.empty());
}

TEST_CASE("http redirect: a foreign origin cannot aim our credentials back at home") {
  RedirectFixture f;
  f.peers.at(kHome).add(redirect(kAway + "/"));
  f.peers.at(kAway).add(redirect(kHome + "/admin/delete"));
  f.peers.at(kHome).add(index_answer());
  data_of(f.scan());
  CHECK_FALSE(identifies_us(f.peers.at(kHome).requests()[1]));
  CHECK(f.peers.made().back().tls.cert_pem.empty());
}

TEST_CASE("http redirect: an upgrade to https on the same host is another origin") {
  RedirectFixture f;
  std::get<HttpSource>(f.settings.source).url =
      http::parse_url("http://charts.example/index.yaml").value();
  f.peers.at("http://charts.example:80").add(redirect("https://charts.example/index.yaml", 301));
  f.peers.at(kHome).add(answer(401));
  const ScanError error = error_of(f.scan());
  CHECK_FALSE(identifies_us(f.peers.at(kHome).requests()[0]));
  CHECK_THAT(error.message, Catch::Contains("credentials are not sent"));
}

TEST_CASE("http redirect: validators stay with the URL that gave them") {
  RedirectFixture f;
  HttpSourceReader reader(f.settings, f.shared);
  const auto scan = [&] { return reader.scan({}, f.clock.now() + std::chrono::seconds(30)); };
  f.peers.at(kHome).add(redirect(kAway + "/i.yaml?signature=1"));
  f.peers.at(kAway).add(index_answer({{"ETag", "\"1\""}}));
  f.peers.at(kHome).add(redirect(kAway + "/i.yaml?signature=2"));
  f.peers.at(kAway).add(answer(304));
  data_of(scan());
  CHECK(std::holds_alternative<Unchanged>(scan()));
  CHECK(f.peers.at(kHome).requests()[1].headers.find("If-None-Match") == nullptr);
  CHECK(header(f.peers.at(kAway).requests()[1], "If-None-Match") == "\"1\"");
}

TEST_CASE("http redirect: from elsewhere not to where sidecars listen") {
  const auto location =
      GENERATE("https://localhost:15000/", "https://2130706433/", "https://[::1]/");
  RedirectFixture f;
  f.peers.at(kHome).add(redirect(location));
  CHECK(error_of(f.scan()).type == ScanErrorType::kRedirect);
  CHECK(f.peers.made().size() == 1);
}

TEST_CASE("http redirect: five are followed") {
  RedirectFixture f;
  for (int i = 0; i < HttpSourceReader::kRedirectsMax; ++i) f.peers.at(kHome).add(redirect("/r"));
  f.peers.at(kHome).add(index_answer());
  data_of(f.scan());
}
