#include "src/repository/s3_refusal.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::repository;

namespace {

std::string document(const std::string& inner) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>" + inner + "</Error>";
}

S3Refusal refusal(int status, const std::string& code, const std::string& region = "") {
  return {{status, {}}, code, region};
}

const http::Url kUrl = http::parse_url("https://b.s3.eu-west-1.amazonaws.com/index.yaml").value();

}  // namespace

TEST_CASE("s3 refusal: code and region of the error document") {
  const auto read = read_s3_refusal(
      {400, {}}, document("<Code>AuthorizationHeaderMalformed</Code><Message>the region "
                          "'us-east-1' is wrong</Message><Region>eu-west-1</Region>"));
  CHECK(read == refusal(400, "AuthorizationHeaderMalformed", "eu-west-1"));
}

TEST_CASE("s3 refusal: where the bucket is") {
  const auto [headers, body, region] = GENERATE(table<http::Headers, std::string, std::string>({
      {{{"x-amz-bucket-region", "eu-west-1"}}, "", "eu-west-1"},
      {{}, "<Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint>", "eu-west-1"},
      {{}, "<Endpoint>b.s3-eu-west-1.amazonaws.com</Endpoint>", "eu-west-1"},
      {{}, "<Endpoint>b.s3.amazonaws.com</Endpoint>", "us-east-1"},
      {{}, "<Endpoint>s3.dualstack.eu-west-1.amazonaws.com</Endpoint>", "eu-west-1"},
      {{}, "<Endpoint>b.s3.cn-north-1.amazonaws.com.cn</Endpoint>", "cn-north-1"},
      {{{"Location", "https://b.s3-us-west-2.amazonaws.com/i"}}, "", "us-west-2"},
      {{}, "<Endpoint>b.s3.eu-west-1.evil.example</Endpoint>", ""},
      {{{"Location", "https://s3.eu-west-1.amazonaws.com.evil.example/"}}, "", ""},
      {{{"x-amz-bucket-region", "evil.example/"}}, "", ""},
      {{}, "<Region>a@evil.example</Region>", ""},
      {{}, "<Endpoint>s3</Endpoint>", ""},
      {{}, "", ""},
  }));
  CHECK(read_s3_refusal({301, headers}, document(body)).region == region);
}

TEST_CASE("s3 refusal: bodies that are no error document have no code") {
  const auto body =
      GENERATE(as<std::string>(), "", "<html>", "<Error><Code>x", "not xml",
               "<Other><Code>NoSuchKey</Code></Other>", "<Error><Code>c4n4ry\nx</Code></Error>");
  CHECK(read_s3_refusal({403, {}}, body).code.empty());
  CHECK(read_s3_refusal({403, {}}, document("<Code>" + std::string(65, 'x') + "</Code>"))
            .code.empty());
}

TEST_CASE("s3 refusal: what another request may put right") {
  const auto [refused, remedy] = GENERATE(table<S3Refusal, S3Remedy>({
      {refusal(301, "PermanentRedirect", "eu-west-1"), S3Remedy::kRegion},
      {refusal(307, "TemporaryRedirect", "eu-west-1"), S3Remedy::kRegion},
      {refusal(400, "AuthorizationHeaderMalformed", "eu-west-1"), S3Remedy::kRegion},
      {refusal(400, "", "eu-west-1"), S3Remedy::kRegion},
      {refusal(301, "PermanentRedirect", "us-east-1"), S3Remedy::kNone},
      {refusal(301, "PermanentRedirect"), S3Remedy::kNone},
      {refusal(403, "AccessDenied", "eu-west-1"), S3Remedy::kNone},
      {refusal(403, "RequestTimeTooSkewed"), S3Remedy::kClock},
      {refusal(400, "ExpiredToken"), S3Remedy::kCredentials},
      {refusal(400, "InvalidToken"), S3Remedy::kCredentials},
      {refusal(403, "InvalidAccessKeyId"), S3Remedy::kCredentials},
      {refusal(403, "SignatureDoesNotMatch"), S3Remedy::kNone},
      {refusal(404, "NoSuchKey"), S3Remedy::kNone},
      {refusal(503, "SlowDown"), S3Remedy::kNone},
  }));
  CHECK(remedy_of(refused, "us-east-1") == remedy);
}

TEST_CASE("s3 refusal: each code has its error type") {
  const auto [status, code, type] = GENERATE(table<int, std::string, ScanErrorType>({
      {403, "SignatureDoesNotMatch", ScanErrorType::kSignature},
      {301, "PermanentRedirect", ScanErrorType::kRegion},
      {400, "AuthorizationHeaderMalformed", ScanErrorType::kRegion},
      {403, "RequestTimeTooSkewed", ScanErrorType::kClockSkew},
      {400, "ExpiredToken", ScanErrorType::kCredentials},
      {403, "InvalidAccessKeyId", ScanErrorType::kCredentials},
      {403, "AccessDenied", ScanErrorType::kForbidden},
      {404, "NoSuchBucket", ScanErrorType::kNotFound},
      {404, "NoSuchKey", ScanErrorType::kNotFound},
      {503, "SlowDown", ScanErrorType::kThrottled},
      {400, "ThrottlingException", ScanErrorType::kThrottled},
      {400, "RequestTimeout", ScanErrorType::kTimeout},
      {400, "InvalidRequest", ScanErrorType::kHttpStatus},
      {500, "InternalError", ScanErrorType::kHttpStatus},
      {403, "", ScanErrorType::kForbidden},
      {302, "", ScanErrorType::kRedirect},
  }));
  CHECK(s3_failure(refusal(status, code), kUrl, S3Access::kSigned).type == type);
}

TEST_CASE("s3 refusal: 403 tells what may be missing") {
  const auto denied = refusal(403, "AccessDenied");
  CHECK_THAT(s3_failure(denied, kUrl, S3Access::kSigned).message,
             Catch::StartsWith("403 Forbidden (AccessDenied) from "
                               "https://b.s3.eu-west-1.amazonaws.com/index.yaml: ") &&
                 Catch::Contains("s3:GetObject") && Catch::Contains("s3:ListBucket"));
  CHECK_THAT(s3_failure(denied, kUrl, S3Access::kAnonymous).message, Catch::Contains("anonymous"));
}
