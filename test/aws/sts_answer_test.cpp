#include "src/aws/sts_answer.hpp"

#include <catch2/catch.hpp>

#include "test/aws/cloud.hpp"

namespace lookout::aws {

TEST_CASE("sts answer: credentials") {
  const std::string body = sts_answer("AssumeRole", "ASIAX").body.front();
  const auto parsed = parse_sts_credentials(body, "AssumeRole");
  REQUIRE(parsed.ok());
  CHECK(*parsed == Credentials{"ASIAX", "CANARYsecret", "CANARYtoken",
                               SteppingClock::kStart + std::chrono::hours(1)});
}

TEST_CASE("sts answer: anything else speaks for another server, and is not quoted") {
  std::string body = sts_answer("AssumeRole", "ASIAX").body.front();
  const auto replace = [&](const std::string& what, const std::string& with) {
    body.replace(body.find(what), what.size(), with);
  };
  SECTION("empty") {
    body = "";
  }
  SECTION("page") {
    body = "<html><head><title>CANARY login</title></head></html>";
  }
  SECTION("cut") {
    body.resize(body.size() / 2);
  }
  SECTION("answer to another action") {
    body = sts_answer("AssumeRoleWithWebIdentity", "X").body.front();
  }
  SECTION("no key") {
    replace("<AccessKeyId>ASIAX</AccessKeyId>", "");
  }
  SECTION("no token") {
    replace("<SessionToken>CANARYtoken</SessionToken>", "");
  }
  SECTION("no time") {
    replace("<Expiration>2023", "<Expiration>CANARY");
  }
  SECTION("line break") {
    replace("ASIAX", "ASIA&#13;&#10;X");
  }
  SECTION("DOCTYPE") {
    body = "<!DOCTYPE x [<!ENTITY a 'b'>]>" + body;
  }
  SECTION("too large") {
    body += std::string(70'000, ' ');
  }
  const auto parsed = parse_sts_credentials(body, "AssumeRole");
  REQUIRE_FALSE(parsed.ok());
  CHECK(parsed.error().code == ErrorCode::kUnavailable);
  CHECK(parsed.error().message.find(kCanary) == std::string::npos);
}

TEST_CASE("sts answer: the code of an error") {
  CHECK(sts_error_code(sts_error(403, "AccessDenied").body.front()) == "AccessDenied");
  const std::string none = GENERATE(
      as<std::string>{}, "", "x", "<Error><Code>A</Code></Error>", "<ErrorResponse/>",
      "<ErrorResponse><Error/></ErrorResponse>",
      "<ErrorResponse><Error><Code>has a space</Code></Error></ErrorResponse>",
      "<ErrorResponse><Error><Code>" + std::string(65, 'a') + "</Code></Error></ErrorResponse>");
  CHECK(sts_error_code(none).empty());
}

TEST_CASE("sts answer: what the caller does about a refusal") {
  const auto [status, code, expected] = GENERATE(table<int, std::string, ErrorCode>({
      {403, "AccessDenied", ErrorCode::kForbidden},
      {403, "", ErrorCode::kForbidden},
      {403, "RegionDisabledException", ErrorCode::kForbidden},
      {403, "IDPRejectedClaim", ErrorCode::kForbidden},
      {403, "InvalidClientTokenId", ErrorCode::kUnauthorized},
      {403, "SignatureDoesNotMatch", ErrorCode::kUnauthorized},
      {403, "ExpiredToken", ErrorCode::kUnauthorized},
      {400, "ExpiredTokenException", ErrorCode::kUnauthorized},
      {400, "InvalidIdentityToken", ErrorCode::kUnauthorized},
      {401, "", ErrorCode::kUnauthorized},
      {400, "IDPCommunicationError", ErrorCode::kUnavailable},
      {400, "ValidationError", ErrorCode::kInvalid},
      {400, "Throttling", ErrorCode::kThrottled},
      {429, "", ErrorCode::kThrottled},
      {503, "SlowDown", ErrorCode::kThrottled},
      {500, "InternalFailure", ErrorCode::kUnavailable},
      {503, "", ErrorCode::kUnavailable},
      {599, "", ErrorCode::kUnavailable},
      {302, "", ErrorCode::kUnavailable},
      {404, "", ErrorCode::kUnavailable},
  }));
  CAPTURE(status, code);
  const Error error = sts_refusal(status, code);
  CHECK(error.code == expected);
  CHECK(error.message == "status " + std::to_string(status) + (code.empty() ? "" : " " + code));
}

}  // namespace lookout::aws
