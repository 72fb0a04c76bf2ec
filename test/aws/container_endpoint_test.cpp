#include "src/aws/container_endpoint.hpp"

#include <catch2/catch.hpp>

#include "test/aws/cloud.hpp"

namespace lookout::aws {
namespace {

constexpr const char* kRelative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* kFull = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* kToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr const char* kTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

void check_refused(const Error& error, ErrorCode code) {
  CHECK(error.code == code);
  CHECK(error.message.starts_with("container credentials: "));
  CHECK(error.message.find(kCanary) == std::string::npos);
}

}  // namespace

TEST_CASE("container: only hosts that may see the token") {
  const auto [url, allowed] = GENERATE(table<std::string, bool>({
      {"http://169.254.170.2/v2", true},
      {"http://169.254.170.23/v1/credentials", true},
      {"http://[fd00:ec2::23]/v1/credentials", true},
      {"http://127.0.0.1:8080/x", true},
      {"http://127.8.9.10/x", true},
      {"http://[::1]:80/x", true},
      {"http://localhost/x", true},
      {"https://anywhere.example/x", true},
      {"http://anywhere.example/x", false},
      {"http://169.254.169.254/latest/", false},
      {"http://169.254.170.22/x", false},
      {"http://10.0.0.1/x", false},
      {"http://127.0.0.1.evil.example/x", false},
      {"http://127.1/x", false},
      {"http://0x7f000001/x", false},
      {"http://2130706433/x", false},
      {"http://localhost.evil.example/x", false},
      {"http://evil.example@127.0.0.1/x", false},
      {"http://127.0.0.1@evil.example/x", false},
      {"http://[::ffff:127.0.0.1]/x", false},
      {"http://[fd00:ec2::254]/x", false},
      {"http://0.0.0.0/x", false},
      {"ftp://127.0.0.1/x", false},
      {"socks5://127.0.0.1/x", false},
      {"127.0.0.1/x", false},
  }));
  CAPTURE(url);
  const auto resolved = container_url({{kFull, url}});
  CHECK(resolved.ok() == allowed);
  if (!resolved) check_refused(resolved.error(), ErrorCode::kInvalid);
}

TEST_CASE("container: the relative URI wins, and stays on its host") {
  CHECK(container_url({{kRelative, "/v2/x?id=1"}, {kFull, "https://other.example/"}})->origin() ==
        kContainerOrigin);
  const std::string bad = GENERATE(as<std::string>{}, "@evil.example/", ".evil.example/", ":80/");
  const auto resolved = container_url({{kRelative, bad}});
  REQUIRE_FALSE(resolved.ok());
  check_refused(resolved.error(), ErrorCode::kInvalid);
}

TEST_CASE("container: what is asked, and what comes") {
  Cloud cloud;
  cloud.environment[kRelative] = "/v2/credentials?id=1";
  cloud.environment["HTTP_PROXY"] = "http://proxy:3128";
  cloud.container().add(text_answer(credentials_json("ASIACONTAINER")));
  const auto credentials = container_credentials(cloud.context());
  REQUIRE(credentials.ok());
  CHECK(credentials->access_key_id == "ASIACONTAINER");
  CHECK(credentials->expires_at == SteppingClock::kStart + std::chrono::hours(6));
  const http::Request request = cloud.container().requests().at(0);
  CHECK(request.method == http::Method::kGet);
  CHECK(request.target == "/v2/credentials?id=1");
  CHECK(request.header_timeout == std::chrono::seconds(2));
  CHECK(request.headers.find("Authorization") == nullptr);
  CHECK_FALSE(cloud.network.made().at(0).proxy);
}

TEST_CASE("container: the token file wins over the token, and is read each time") {
  Cloud cloud;
  cloud.environment[kFull] = "http://169.254.170.23/v1/credentials";
  cloud.environment[kToken] = "token of the environment";
  auto& agent = cloud.network.at("http://169.254.170.23:80");
  for (int i = 0; i < 3; ++i) agent.add(text_answer(credentials_json("ASIA")));
  REQUIRE(container_credentials(cloud.context()).ok());
  cloud.environment[kTokenFile] = cloud.folder.write("token", "first");
  REQUIRE(container_credentials(cloud.context()).ok());
  cloud.folder.write("token", "second");
  REQUIRE(container_credentials(cloud.context()).ok());
  CHECK(*agent.requests().at(0).headers.find("Authorization") == "token of the environment");
  CHECK(*agent.requests().at(1).headers.find("Authorization") == "first");
  CHECK(*agent.requests().at(2).headers.find("Authorization") == "second");
}

TEST_CASE("container: a token that could break out of its header is not sent") {
  Cloud cloud;
  cloud.environment[kRelative] = "/v2";
  SECTION("CR") {
    cloud.environment[kToken] = "CANARY\rHost: evil";
  }
  SECTION("LF") {
    cloud.environment[kToken] = "CANARY\nHost: evil";
  }
  SECTION("LF at the end of the file") {
    cloud.environment[kTokenFile] = cloud.folder.write("token", "CANARY\n");
  }
  SECTION("empty file") {
    cloud.environment[kTokenFile] = cloud.folder.write("token", "");
  }
  SECTION("no file") {
    cloud.environment[kTokenFile] = cloud.folder.path("missing");
  }
  SECTION("large file") {
    cloud.environment[kTokenFile] = cloud.folder.write("token", std::string(20'000, 'x'));
  }
  const auto credentials = container_credentials(cloud.context());
  REQUIRE_FALSE(credentials.ok());
  check_refused(credentials.error(), ErrorCode::kInvalid);
  CHECK(cloud.network.made().empty());
}

TEST_CASE("container: three attempts") {
  Cloud cloud;
  cloud.environment[kRelative] = "/v2";
  cloud.container().add({.error = Error{ErrorCode::kUnavailable, "connect: timed out"}});
  cloud.container().add(text_answer("", 500));
  cloud.container().add(text_answer(credentials_json("ASIA3")));
  CHECK(container_credentials(cloud.context())->access_key_id == "ASIA3");
  CHECK(cloud.clock.sleeps().size() == 2);
}

TEST_CASE("container: answers that are no credentials") {
  const auto [status, body, code] = GENERATE(table<int, std::string, ErrorCode>({
      {200, "", ErrorCode::kUnavailable},
      {200, "<html>CANARY</html>", ErrorCode::kUnavailable},
      {200, R"({"AccessKeyId":"CANARY"})", ErrorCode::kUnavailable},
      {200, R"({"Code":"Failed","Message":"CANARY"})", ErrorCode::kForbidden},
      {301, "CANARY", ErrorCode::kUnavailable},
      {400, "CANARY", ErrorCode::kForbidden},
      {401, "CANARY", ErrorCode::kUnauthorized},
      {403, "CANARY", ErrorCode::kForbidden},
      {404, "CANARY", ErrorCode::kForbidden},
  }));
  CAPTURE(status, body);
  Cloud cloud;
  cloud.environment[kRelative] = "/v2";
  cloud.container().add(text_answer(body, status));
  const auto credentials = container_credentials(cloud.context());
  REQUIRE_FALSE(credentials.ok());
  check_refused(credentials.error(), code);
  CHECK(cloud.container().requests().size() == 1);
}

TEST_CASE("container: no more than 10,000 bytes are read") {
  Cloud cloud;
  cloud.environment[kRelative] = "/v2";
  const std::string json = credentials_json("ASIA");
  cloud.container().add(text_answer(json + std::string(10'000 - json.size(), ' ')));
  cloud.container().add(text_answer(json + std::string(10'001 - json.size(), ' ')));
  CHECK(container_credentials(cloud.context()).ok());
  const auto refused = container_credentials(cloud.context());
  REQUIRE_FALSE(refused.ok());
  check_refused(refused.error(), ErrorCode::kTooLarge);
}

}  // namespace lookout::aws
