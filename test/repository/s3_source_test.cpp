#include "src/repository/s3_source.hpp"

#include <catch2/catch.hpp>

#include <future>

#include "test/repository/scan_fixture.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using lookout::testing::TemporaryFolder;

namespace {

const std::string kHome = "https://team.s3.us-east-1.amazonaws.com:443";
const std::string kIreland = "https://team.s3.eu-west-1.amazonaws.com:443";

struct S3Fixture : ScanFixture {
  RepositorySettings settings;
  ScanContext shared{peers.factory(), clock, environment, stats};
  std::optional<S3SourceReader> reader;

  S3Fixture() {
    S3Source source;
    source.location = {.bucket = "team", .key = "charts/index.yaml", .region = "us-east-1"};
    source.auth = S3Source::Auth::kStatic;
    source.access_key_id.value = "AKIAEXAMPLE";
    source.secret_access_key.value = "c4n4ry-secret";
    settings.source = source;
  }
  S3Source& source() { return std::get<S3Source>(settings.source); }
  ScanOutcome scan(std::stop_token stop = {}) {
    shared.environment = environment;
    if (!reader) reader.emplace(settings, shared);
    return reader->scan(std::move(stop), clock.now() + settings.timeout);
  }
  http::Request last_request(const std::string& origin) {
    return peers.at(origin).requests().back();
  }
};

fakes::ScriptedResponse refused(int status, const std::string& code, const std::string& more = "",
                                http::Headers headers = {}) {
  return answer(status, std::move(headers),
                {"<Error><Code>" + code + "</Code>" + more + "</Error>"});
}

}  // namespace

TEST_CASE("s3 source: a signed GetObject") {
  S3Fixture f;
  f.peers.at(kHome).add(index_answer());
  CHECK(data_of(f.scan()).index.charts.size() == 1);
  const http::Request request = f.last_request(kHome);
  CHECK(request.target == "/charts/index.yaml");
  CHECK_THAT(header(request, "Authorization"),
             Catch::StartsWith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20231114/us-east-1/s3/"));
  CHECK_FALSE(header(request, "X-Amz-Content-Sha256").empty());
  CHECK(header(request, "X-Amz-Checksum-Mode") == "ENABLED");
  CHECK(header(request, "User-Agent").starts_with("helm-lookout/"));
  CHECK_THAT(header(request, "Authorization"), !Catch::Contains("user-agent"));
  const std::map<LabelledCounter::Labels, std::uint64_t> counted = {{{"200", "GetObject"}, 1}};
  CHECK(f.stats.s3_requests.snapshot() == counted);
}

TEST_CASE("S3X-2: s3 source: temporary credentials and path style on a custom endpoint") {
  S3Fixture f;
  f.source().session_token.value = "session";
  f.source().location.endpoint = "http://localstack:4566";
  f.peers.at("http://localstack:4566").add(index_answer());
  data_of(f.scan());
  const http::Request request = f.last_request("http://localstack:4566");
  CHECK(request.target == "/team/charts/index.yaml");
  CHECK(header(request, "X-Amz-Security-Token") == "session");
  CHECK_THAT(header(request, "Authorization"), Catch::Contains("x-amz-security-token"));
}

TEST_CASE("s3 source: the endpoint of the environment is used when none is set") {
  S3Fixture f;
  f.environment = {{"AWS_ENDPOINT_URL_S3", "http://minio:9000"}};
  f.peers.at("http://minio:9000").add(index_answer());
  data_of(f.scan());
}

TEST_CASE("s3 source: AWS_CA_BUNDLE is trusted when the settings have no CA") {
  const TemporaryFolder folder;
  S3Fixture f;
  f.environment = {{"AWS_CA_BUNDLE", folder.write("bundle.pem", "bundle")}};
  const std::string own = GENERATE(as<std::string>(), "", "own");
  f.settings.tls.ca.value = own;
  f.peers.at(kHome).add(index_answer());
  data_of(f.scan());
  CHECK(f.peers.made()[0].tls.ca_pem == (own.empty() ? "bundle" : "own"));
}

TEST_CASE("s3 source: anonymous requests are not signed") {
  S3Fixture f;
  f.source().auth = S3Source::Auth::kAnonymous;
  f.peers.at(kHome).add(index_answer());
  f.peers.at(kHome).add(refused(403, "AccessDenied"));
  data_of(f.scan());
  CHECK(f.last_request(kHome).headers.find("Authorization") == nullptr);
  CHECK_THAT(error_of(f.scan()).message, Catch::Contains("anonymous"));
}

TEST_CASE("HRE-12: s3 source: an index that has not changed is not fetched again") {
  S3Fixture f;
  f.peers.at(kHome).add(index_answer({{"ETag", "\"abc-2\""}}));
  f.peers.at(kHome).add(answer(304));
  data_of(f.scan());
  CHECK(std::holds_alternative<Unchanged>(f.scan()));
  CHECK(header(f.last_request(kHome), "If-None-Match") == "\"abc-2\"");
}

TEST_CASE("s3 source: another region is learned once and remembered") {
  const auto response =
      GENERATE(refused(301, "PermanentRedirect", "", {{"x-amz-bucket-region", "eu-west-1"}}),
               refused(307, "TemporaryRedirect", "",
                       {{"Location", "https://team.s3-eu-west-1.amazonaws.com/charts/index.yaml"}}),
               refused(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"));
  S3Fixture f;
  f.peers.at(kHome).add(response);
  f.peers.at(kIreland).add(index_answer());
  f.peers.at(kIreland).add(index_answer());
  data_of(f.scan());
  CHECK_THAT(header(f.last_request(kIreland), "Authorization"), Catch::Contains("/eu-west-1/s3/"));
  data_of(f.scan());
  CHECK(f.peers.at(kHome).requests().size() == 1);
}

TEST_CASE("s3 source: a custom endpoint stays the endpoint in another region") {
  S3Fixture f;
  f.source().location.endpoint = "http://minio:9000";
  f.peers.at("http://minio:9000")
      .add(refused(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"));
  f.peers.at("http://minio:9000").add(index_answer());
  data_of(f.scan());
  CHECK_THAT(header(f.last_request("http://minio:9000"), "Authorization"),
             Catch::Contains("/eu-west-1/s3/"));
}

TEST_CASE("s3 source: the service's clock is learned and kept") {
  S3Fixture f;
  // The fixture's clock says 2023-11-14 23:13:20.
  f.peers.at(kHome).add(
      refused(403, "RequestTimeTooSkewed", "", {{"Date", "Wed, 15 Nov 2023 09:00:00 GMT"}}));
  f.peers.at(kHome).add(index_answer());
  f.peers.at(kHome).add(index_answer());
  data_of(f.scan());
  CHECK(header(f.last_request(kHome), "X-Amz-Date") == "20231115T090000Z");
  f.clock.advance(std::chrono::seconds(60));
  data_of(f.scan());
  CHECK(header(f.last_request(kHome), "X-Amz-Date") == "20231115T090100Z");
}

TEST_CASE("s3 source: a date that is none teaches nothing") {
  S3Fixture f;
  f.peers.at(kHome).add(refused(403, "RequestTimeTooSkewed", "", {{"Date", "nonsense"}}));
  CHECK(error_of(f.scan()).type == ScanErrorType::kClockSkew);
}

TEST_CASE("s3 source: refused credentials are asked for anew, once") {
  const TemporaryFolder folder;
  S3Fixture f;
  const auto profile = [&](const std::string& id) {
    folder.write("credentials",
                 "[default]\naws_access_key_id=" + id + "\naws_secret_access_key=c4n4ry-secret\n");
  };
  f.source().auth = S3Source::Auth::kDefaultChain;
  f.environment = {{"AWS_SHARED_CREDENTIALS_FILE", folder.path("credentials")},
                   {"AWS_CONFIG_FILE", folder.path("config")},
                   {"AWS_EC2_METADATA_DISABLED", "true"}};
  profile("AKIAOLD");
  auto expired = refused(400, "ExpiredToken");
  expired.on_request = [&](const http::Request&) { profile("AKIANEW"); };
  f.peers.at(kHome).add(expired);
  SECTION("the fresh ones work") {
    f.peers.at(kHome).add(index_answer());
    data_of(f.scan());
  }
  SECTION("the fresh ones do not") {
    f.peers.at(kHome).add(refused(400, "ExpiredToken"));
    CHECK(error_of(f.scan()).type == ScanErrorType::kCredentials);
  }
  CHECK_THAT(header(f.last_request(kHome), "Authorization"), Catch::Contains("=AKIANEW/"));
  CHECK(f.peers.at(kHome).requests().size() == 2);
}

TEST_CASE("s3 source: no credentials anywhere is said, and no request made") {
  S3Fixture f;
  f.source().auth = S3Source::Auth::kDefaultChain;
  f.environment = {{"AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials"},
                   {"AWS_CONFIG_FILE", "/nonexistent/config"},
                   {"AWS_EC2_METADATA_DISABLED", "true"}};
  CHECK(error_of(f.scan()).type == ScanErrorType::kCredentials);
  CHECK(f.peers.made().empty());
}

TEST_CASE("s3 source: a certificate that is refused is not tried again") {
  fakes::ScriptedResponse untrusted;
  untrusted.error = Error{ErrorCode::kUnavailable, "tls: unknown CA"};
  S3Fixture f;
  f.peers.at(kHome).add(untrusted);
  CHECK(error_of(f.scan()).type == ScanErrorType::kTls);
  CHECK(f.peers.at(kHome).requests().size() == 1);
}

TEST_CASE("s3 source: no wait that the time-out would overtake is begun") {
  S3Fixture f;
  f.settings.timeout = std::chrono::milliseconds(0);
  f.peers.at(kHome).add(refused(503, "SlowDown"));
  CHECK(error_of(f.scan()).type == ScanErrorType::kThrottled);
}

TEST_CASE("s3 source: stop ends a wait") {
  S3Fixture f;
  f.peers.at(kHome).add(refused(503, "SlowDown"));
  std::stop_source stop;
  auto outcome = std::async(std::launch::async, [&] { return f.scan(stop.get_token()); });
  f.clock.wait_for_sleepers(1);
  stop.request_stop();
  CHECK(std::holds_alternative<Cancelled>(outcome.get()));
}

TEST_CASE("s3 source: nothing secret is in an error") {
  S3Fixture f;
  f.source().session_token.value = "c4n4ry-token";
  f.source().location.key = "index.yaml";
  const auto response =
      GENERATE(refused(403, "SignatureDoesNotMatch", "<StringToSign>c4n4ry</StringToSign>"),
               refused(403, "c4n4ry secret"), answer(403, {}, {"c4n4ry"}),
               answer(302, {{"Location", "https://b.example/?X-Amz-Signature=c4n4ry"}}),
               answer(200, {}, {"<html>c4n4ry"}));
  f.peers.at(kHome).add(response);
  CHECK_THAT(error_of(f.scan()).message, !Catch::Contains("c4n4ry"));
}
