#include "src/aws/credential_json.hpp"

#include <catch2/catch.hpp>

namespace lookout::aws {
namespace {

constexpr auto kEndpoint = CredentialDialect::kEndpoint;
constexpr auto kProcess = CredentialDialect::kProcess;

TEST_CASE("credential json: of endpoints") {
  const auto parsed = parse_credential_json(
      R"({"Code":"Success","AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t",)"
      R"("Expiration":"2023-11-14T22:13:20Z","AccountId":"1"})",
      kEndpoint);
  REQUIRE(parsed.ok());
  CHECK(*parsed == Credentials{"ASIA", "s", "t", WallTime(std::chrono::seconds(1'700'000'000))});
}

TEST_CASE("credential json: of processes, whose token has another name") {
  const auto parsed = parse_credential_json(
      R"({"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s","SessionToken":"t","Token":"x"})",
      kProcess);
  REQUIRE(parsed.ok());
  CHECK(*parsed == Credentials{"AKIA", "s", "t", std::nullopt});
}

TEST_CASE("credential json: an expiration that no clock can hold is far away, not long ago") {
  const auto parsed = parse_credential_json(
      R"({"AccessKeyId":"a","SecretAccessKey":"s","Expiration":"9999-12-31T23:59:59Z"})", kEndpoint);
  REQUIRE(parsed.ok());
  CHECK(*parsed->expires_at > WallTime(std::chrono::seconds(8'000'000'000)));
}

TEST_CASE("credential json: null is absent") {
  const auto parsed = parse_credential_json(
      R"({"AccessKeyId":"AKIA","SecretAccessKey":"s","Token":null,"Expiration":null})", kEndpoint);
  REQUIRE(parsed.ok());
  CHECK(*parsed == Credentials{"AKIA", "s", "", std::nullopt});
}

TEST_CASE("credential json: anything else is malformed, and nothing of it is quoted") {
  const auto [dialect, text] = GENERATE(table<CredentialDialect, std::string>({
      {kEndpoint, ""},
      {kEndpoint, "CANARY"},
      {kEndpoint, "[]"},
      {kEndpoint, "{}"},
      {kEndpoint, R"({"AccessKeyId":"CANARY","SecretAccessKey":"CANARY")"},
      {kEndpoint, R"({"AccessKeyId":"CANARY"})"},
      {kEndpoint, R"({"SecretAccessKey":"CANARY"})"},
      {kEndpoint, R"({"AccessKeyId":"CANARY","SecretAccessKey":1})"},
      {kEndpoint, R"({"AccessKeyId":"CANARY\r\nHost: evil","SecretAccessKey":"s"})"},
      {kEndpoint, R"({"AccessKeyId":"A","SecretAccessKey":"s","Token":"CANARY\n"})"},
      {kEndpoint, R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"CANARY"})"},
      {kEndpoint, std::string(9'000, '[')},
      {kProcess, R"({"AccessKeyId":"CANARY","SecretAccessKey":"s"})"},
      {kProcess, R"({"Version":"1","AccessKeyId":"CANARY","SecretAccessKey":"s"})"},
      {kProcess, R"({"Version":2,"AccessKeyId":"CANARY","SecretAccessKey":"s"})"},
  }));
  CAPTURE(text);
  const auto parsed = parse_credential_json(text, dialect);
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error().code == ErrorCode::kMalformed);
  CHECK(parsed.error().message.find("CANARY") == std::string::npos);
}

TEST_CASE("credential json: a refusal of the endpoint") {
  const auto parsed = parse_credential_json(
      R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"CANARY"})", kEndpoint);
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error().code == ErrorCode::kForbidden);
  CHECK(parsed.error().message.find("CANARY") == std::string::npos);
}

}  // namespace
}  // namespace lookout::aws
