#include "test/repository/fault_table.hpp"

namespace lookout::repository {
namespace {

using namespace std::chrono_literals;
using Type = ScanErrorType;

const std::string kTheirDate = "Date: Wed, 15 Nov 2023 09:00:00 GMT\r\n";
const std::string kRegion = "<Region>eu-west-1</Region>";
const std::string kRegionHeader = "x-amz-bucket-region: eu-west-1\r\n";

Fault refusal(const std::string& name, int code, Type type) {
  return {.kind = "S3 " + name, .ways = {Way::kS3}, .script = s3_error(code, name), .error = type};
}

Fault passing(const std::string& name, int code, Type type, Duration waits_max) {
  Fault fault = refusal(name, code, type);
  fault.requests = 3;
  fault.waits_max = waits_max;
  return fault;
}

// Once, and the same scan puts it right.
Fault cured(const std::string& kind, const FaultScript& script) {
  return {.kind = "S3 " + kind,
          .ways = {Way::kS3},
          .script = first(1, script),
          .error = std::nullopt,
          .requests = 2};
}

// In spite of what was put right.
Fault incurable(const std::string& kind, const FaultScript& script, Type type) {
  return {.kind = "S3 " + kind, .ways = {Way::kS3}, .script = script, .error = type, .requests = 2};
}

// Each region sends us to the other.
void circle(Exchange& exchange) {
  const bool first = exchange.header("Authorization").find("/us-east-1/") != std::string::npos;
  const std::string region = first ? "eu-west-1" : "us-east-1";
  s3_error(301, "PermanentRedirect", "", "x-amz-bucket-region: " + region + "\r\n")(exchange);
}

}  // namespace

const std::vector<Fault>& s3_faults() {
  static const std::vector<Fault> kRows = {
      refusal("AccessDenied", 403, Type::kForbidden),
      refusal("AllAccessDisabled", 403, Type::kForbidden),
      refusal("InvalidObjectState", 403, Type::kForbidden),
      refusal("NoSuchBucket", 404, Type::kNotFound),
      refusal("NoSuchKey", 404, Type::kNotFound),
      refusal("SignatureDoesNotMatch", 403, Type::kSignature),
      refusal("XAmzContentSHA256Mismatch", 400, Type::kSignature),
      refusal("InvalidRequest", 400, Type::kHttpStatus),
      passing("SlowDown", 503, Type::kThrottled, 3s),
      passing("ThrottlingException", 400, Type::kThrottled, 3s),
      passing("RequestTimeout", 400, Type::kTimeout, 150ms),
      passing("InternalError", 500, Type::kHttpStatus, 150ms),
      {.kind = "S3 x-amz-retry-after",
       .ways = {Way::kS3},
       .script = first(1, s3_error(503, "SlowDown", "", "x-amz-retry-after: 4000\r\n")),
       .error = std::nullopt,
       .requests = 2,
       .waits_max = 5s},
      cured("region by 301", s3_error(301, "PermanentRedirect", "", kRegionHeader)),
      cured("region by 307",
            s3_error(307, "TemporaryRedirect", "",
                     "Location: https://team.s3-eu-west-1.amazonaws.com/charts/index.yaml\r\n")),
      cured("region by 400", s3_error(400, "AuthorizationHeaderMalformed", kRegion)),
      cured("region by x-amz-bucket-region", status(400, kRegionHeader)),
      incurable("regions that go round in a circle", circle, Type::kRegion),
      incurable("region that never suits", s3_error(400, "AuthorizationHeaderMalformed", kRegion),
                Type::kRegion),
      refusal("PermanentRedirect", 301, Type::kRegion),
      cured("clock skew", s3_error(403, "RequestTimeTooSkewed", "", kTheirDate)),
      incurable("clock skew that stays", s3_error(403, "RequestTimeTooSkewed", "", kTheirDate),
                Type::kClockSkew),
      {.kind = "S3 clock skew without a date",
       .ways = {Way::kS3},
       .script = s3_error(403, "RequestTimeTooSkewed"),
       .error = Type::kClockSkew},
      {.kind = "S3 clock of another century",
       .ways = {Way::kS3},
       .script =
           s3_error(403, "RequestTimeTooSkewed", "", "Date: Wed, 15 Nov 2090 09:00:00 GMT\r\n"),
       .error = Type::kClockSkew},
      incurable("InvalidAccessKeyId", s3_error(403, "InvalidAccessKeyId"), Type::kCredentials),
      incurable("ExpiredToken", s3_error(400, "ExpiredToken"), Type::kCredentials),
      {.kind = "S3 checksum of other bytes",
       .ways = {Way::kS3},
       .script = body(index_text(1), "x-amz-checksum-crc64nvme: AAAAAAAAAAA=\r\n"),
       .error = Type::kMalformed},
      {.kind = "S3 checksum of an upload's parts",
       .ways = {Way::kS3},
       .script = body(index_text(1), "x-amz-checksum-crc32: AAAAAA==-2\r\n")},
      {.kind = "S3 refusal that is a login page",
       .ways = {Way::kS3},
       .script = status(403, "", "<!doctype html><p>Log in"),
       .error = Type::kForbidden},
      {.kind = "S3 refusal that is an entity bomb",
       .ways = {Way::kS3},
       .script = status(403, "",
                        "<!DOCTYPE e [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]>"
                        "<Error><Code>&b;</Code></Error>"),
       .error = Type::kForbidden},
  };
  return kRows;
}

}  // namespace lookout::repository
