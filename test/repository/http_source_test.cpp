#include "src/repository/http_source.hpp"

#include <catch2/catch.hpp>

#include "lookout/encoding/gzip.hpp"

#include "test/repository/scan_fixture.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using lookout::testing::TemporaryFolder;

namespace {

const std::string kHome = "https://charts.example:443";

struct HttpFixture : ScanFixture {
  RepositorySettings settings;
  ScanContext shared = context();

  explicit HttpFixture(const std::string& url = "https://charts.example/stable") {
    settings.source = HttpSource{.url = http::parse_url(url).value()};
  }
  HttpSource& source() { return std::get<HttpSource>(settings.source); }
  ScanOutcome scan() {
    if (!reader) reader.emplace(settings, shared);
    return reader->scan({}, clock.now() + std::chrono::seconds(30));
  }
  http::Request last_request() { return peers.at(kHome).requests().back(); }

  std::optional<HttpSourceReader> reader;
};

}  // namespace

TEST_CASE("HRE-8: http source: the index is where Helm looks for it") {
  const auto [url, target] = GENERATE(table<std::string, std::string>({
      {"https://charts.example", "/index.yaml"},
      {"https://charts.example/stable/", "/stable/index.yaml"},
      {"https://charts.example/stable/index.yaml", "/stable/index.yaml"},
      {"https://charts.example/index.json", "/index.json"},
      {"https://charts.example/My.YML", "/My.YML"},
      {"https://charts.example/stable?ref=main", "/stable/index.yaml?ref=main"},
      {"https://charts.example/index.yaml?token=t", "/index.yaml?token=t"},
  }));
  HttpFixture f(url);
  f.peers.at(kHome).add(index_answer());
  CHECK(data_of(f.scan()).index.charts.size() == 1);
  CHECK(f.last_request().target == target);
}

TEST_CASE("HRE-12: http source: an index that has not changed is not fetched again") {
  HttpFixture f;
  f.peers.at(kHome).add(index_answer({{"ETag", "\"1\""}, {"Last-Modified", "then"}}));
  f.peers.at(kHome).add(answer(304));
  f.peers.at(kHome).add(index_answer({{"ETag", "\"2\""}}));
  f.peers.at(kHome).add(answer(304));
  data_of(f.scan());
  CHECK(std::holds_alternative<Unchanged>(f.scan()));
  CHECK(header(f.last_request(), "If-None-Match") == "\"1\"");
  CHECK(header(f.last_request(), "If-Modified-Since") == "then");
  data_of(f.scan());
  CHECK(std::holds_alternative<Unchanged>(f.scan()));
  CHECK(header(f.last_request(), "If-None-Match") == "\"2\"");
  CHECK(f.last_request().headers.find("If-Modified-Since") == nullptr);
}

TEST_CASE("http source: gzip is asked for and undone") {
  HttpFixture f;
  f.peers.at(kHome).add(
      answer(200, {{"Content-Encoding", "gzip"}}, {encoding::gzip(index_text(20))}));
  CHECK(data_of(f.scan()).index.charts[0].versions.size() == 20);
  CHECK(header(f.last_request(), "Accept-Encoding") == "gzip");
}

TEST_CASE("NOVA-2: http source: basic, bearer and custom headers are sent") {
  HttpFixture f;
  f.source().auth.headers = {{"X-API-Key", Secret{.value = "key"}}};
  f.peers.at(kHome).add(index_answer());
  SECTION("basic") {
    f.source().auth.username.value = "Aladdin";
    f.source().auth.password.value = "open sesame";
    data_of(f.scan());
    CHECK(header(f.last_request(), "Authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  }
  SECTION("bearer") {
    f.source().auth.bearer_token.value = "token";
    data_of(f.scan());
    CHECK(header(f.last_request(), "Authorization") == "Bearer token");
  }
  CHECK(header(f.last_request(), "X-API-Key") == "key");
}

TEST_CASE("http source: a user in the URL is basic authentication") {
  HttpFixture f("https://Aladdin:open%20sesame@charts.example/");
  f.peers.at(kHome).add(index_answer());
  data_of(f.scan());
  CHECK(header(f.last_request(), "Authorization") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(f.peers.made()[0].origin.userinfo.empty());
}

TEST_CASE("http source: credentials that cannot be read make no request") {
  HttpFixture f;
  f.source().auth.bearer_token.file = "/nonexistent/token";
  const ScanError error = error_of(f.scan());
  CHECK(error.type == ScanErrorType::kCredentials);
  CHECK_THAT(error.message, Catch::Contains("/nonexistent/token"));
  CHECK(f.peers.at(kHome).requests().empty());
}

TEST_CASE("http source: TLS settings and proxy reach the transport") {
  HttpFixture f;
  f.settings.tls.ca.value = "ca";
  f.settings.tls.cert.value = "cert";
  f.settings.tls.key.value = "key";
  f.settings.proxy_url = "http://proxy.example:3128";
  f.peers.at(kHome).add(index_answer());
  data_of(f.scan());
  const http::TransportOptions options = f.peers.made()[0];
  CHECK(options.tls == http::TlsOptions{"ca", "cert", "key", false, ""});
  REQUIRE(options.proxy);
  CHECK(options.proxy->host == "proxy.example");
}

TEST_CASE("HRE-8: http source: nothing secret is in an error") {
  const std::string canary = "c4n4ry";
  HttpFixture f("https://" + canary + ":" + canary + "@charts.example/index.yaml?token=" + canary);
  f.source().auth.bearer_token.value = canary;
  f.source().auth.headers = {{"X-API-Key", Secret{.value = canary}}};
  fakes::ScriptedResponse broken;
  broken.error = Error{ErrorCode::kUnavailable, "tls: unknown CA"};
  const auto response = GENERATE_COPY(
      as<fakes::ScriptedResponse>(), broken, answer(403, {}, {canary}),
      answer(200, {}, {"<html>" + canary}), answer(200, {{"Content-Encoding", "br"}}, {canary}),
      answer(302, {{"Location", "http://b.example/?sig=" + canary}}),
      answer(302, {{"Location", "https://169.254.169.254/" + canary}}),
      answer(302, {{"Location", "ftp://" + canary}}), answer(302, {{"Location", ""}}));
  f.peers.at(kHome).add(response);
  const std::string message = error_of(f.scan()).message;
  CHECK_THAT(message, !Catch::Contains(canary));
  CHECK_THAT(message, !Catch::Contains("\n"));
  CHECK_THAT(display_url(f.settings), !Catch::Contains(canary));
}
