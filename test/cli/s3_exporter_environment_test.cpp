#include "src/cli/s3_exporter_environment.hpp"

#include <catch2/catch.hpp>

#include "src/cli/settings_sources.hpp"

using namespace lookout;
using namespace lookout::cli;
using namespace std::chrono_literals;
using repository::S3Source;

namespace {

using Environment = std::map<std::string, std::string>;

repository::RepositorySettings read(const Environment& environment) {
  const auto read = repository_from_environment(environment);
  if (!read) FAIL(read.error().message);
  REQUIRE(read->has_value());
  return **read;
}

std::string mistake(Environment environment) {
  environment.emplace("S3_BUCKET", "charts");
  const auto read = repository_from_environment(environment);
  REQUIRE_FALSE(read.ok());
  return read.error().message;
}

}  // namespace

TEST_CASE("S3 exporter environment: the bucket alone has its defaults") {
  const auto settings = read({{"S3_BUCKET", "charts"}});
  CHECK(settings.name == "charts");
  CHECK(settings.interval == 5min);
  CHECK(settings.timeout == 30s);
  const auto& source = std::get<S3Source>(settings.source);
  CHECK(source.location.key == "index.yaml");
  CHECK(source.auth == S3Source::Auth::kDefaultChain);
  CHECK_FALSE(repository_from_environment({{"S3_BUCKET", ""}, {"S3_KEY", "x"}})->has_value());
}

TEST_CASE("S3 exporter environment: its chart's Deployment, whole") {
  Environment environment = {{"S3_BUCKET", "charts"},       {"S3_REGION", "eu-west-1"},
                             {"S3_KEY", "helm/index.yaml"}, {"USE_IAM_ROLE", "true"},
                             {"SCAN_INTERVAL", "1m"},       {"SCAN_TIMEOUT", "10s"},
                             {"METRICS_PORT", "9571"},      {"METRICS_PATH", "/metrics"},
                             {"ENABLE_HTML", "true"},       {"HTML_PATH", "/charts"}};
  const auto sources = read_sources({}, environment);
  REQUIRE(sources.ok());
  const auto settings = resolve_settings(sources->given, sources->host_name);
  REQUIRE(settings.ok());
  CHECK(settings->releases == ReleasesMode::kAuto);
  CHECK(settings->metrics_bind_addresses == std::vector<std::string>{":9571"});
  CHECK(settings->charts_page);
  CHECK(settings->charts_path == "/charts");
  REQUIRE(settings->repositories.size() == 1);
  const auto& repository = settings->repositories[0];
  CHECK(repository.interval == 1min);
  CHECK(repository.timeout == 10s);
  CHECK(std::get<S3Source>(repository.source).location ==
        aws::S3Location{"charts", "helm/index.yaml", "eu-west-1", "", aws::Addressing::kAutomatic,
                        false, false});
}

TEST_CASE("S3X-2: temporary credentials work without a role, read when they are used") {
  const auto source = std::get<S3Source>(read({{"S3_BUCKET", "charts"},
                                               {"USE_IAM_ROLE", "false"},
                                               {"AWS_ACCESS_KEY_ID", "id"},
                                               {"AWS_SECRET_ACCESS_KEY", "hunter2"},
                                               {"AWS_SESSION_TOKEN", "token"}})
                                             .source);
  CHECK(source.auth == S3Source::Auth::kStatic);
  CHECK(source.access_key_id.environment == "AWS_ACCESS_KEY_ID");
  CHECK(source.secret_access_key.environment == "AWS_SECRET_ACCESS_KEY");
  CHECK(source.secret_access_key.value.empty());
  CHECK(source.session_token.environment == "AWS_SESSION_TOKEN");
  CHECK_FALSE(std::get<S3Source>(read({{"S3_BUCKET", "charts"},
                                       {"USE_IAM_ROLE", "false"},
                                       {"AWS_ACCESS_KEY_ID", "id"},
                                       {"AWS_SECRET_ACCESS_KEY", "s"}})
                                     .source)
                  .session_token.given());
}

TEST_CASE("S3X-2: a server of one's own is addressed by path") {
  const auto source = std::get<S3Source>(
      read({{"S3_BUCKET", "charts"}, {"AWS_ENDPOINT_URL", "http://localhost:4566"}}).source);
  CHECK(source.location.endpoint == "http://localhost:4566");
  const auto target = aws::resolve_s3(source.location);
  REQUIRE(target.ok());
  CHECK(target->origin.host == "localhost");
  CHECK(target->path == "/charts/index.yaml");
  CHECK(std::get<S3Source>(read({{"S3_BUCKET", "charts"},
                                 {"AWS_ENDPOINT_URL", "http://a"},
                                 {"AWS_ENDPOINT_URL_S3", "http://b"}})
                               .source)
            .location.endpoint == "http://b");
}

TEST_CASE("S3 exporter environment: mistakes are named by their variable") {
  CHECK_THAT(mistake({{"SCAN_INTERVAL", "-5m"}}), Catch::Contains("SCAN_INTERVAL: expected"));
  CHECK_THAT(mistake({{"SCAN_TIMEOUT", "ten"}}), Catch::Contains("SCAN_TIMEOUT: expected"));
  CHECK_THAT(mistake({{"USE_IAM_ROLE", "perhaps"}}), Catch::Contains("USE_IAM_ROLE: expected"));
  CHECK_THAT(mistake({{"USE_IAM_ROLE", "false"}}), Catch::Contains("AWS_ACCESS_KEY_ID: is needed"));
  CHECK_THAT(mistake({{"USE_IAM_ROLE", "0"}, {"AWS_ACCESS_KEY_ID", "hunter2"}}),
             Catch::Contains("AWS_SECRET_ACCESS_KEY: is needed") && !Catch::Contains("hunter2"));
  CHECK_THAT(mistake({{"AWS_ENDPOINT_URL", "minio"}}), Catch::StartsWith("environment: S3_BUCKET"));
}
