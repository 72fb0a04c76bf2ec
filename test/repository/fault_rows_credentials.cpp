#include "test/repository/fault_table.hpp"

namespace lookout::repository {
namespace {

using namespace std::chrono_literals;
using Type = ScanErrorType;

// What was held is refused, and its source is at fault.
Fault source(const std::string& kind, Way way, const FaultScript& script, std::size_t requests,
             Type type = Type::kCredentials) {
  return {.kind = kind,
          .ways = {way},
          .script = script,
          .error = type,
          .part = Part::kCredentials,
          .requests = requests,
          .waits_max = 3s,
          .rotated = true};
}

Fault container(const std::string& kind, const FaultScript& script, std::size_t requests = 1,
                Type type = Type::kCredentials) {
  return source("container credentials: " + kind, Way::kS3Container, script, requests, type);
}

Fault sts(const std::string& kind, const FaultScript& script, std::size_t requests = 1,
          Type type = Type::kCredentials) {
  return source("STS: " + kind, Way::kS3WebIdentity, script, requests, type);
}

Fault metadata(const std::string& kind, const FaultScript& script) {
  return source("instance metadata: " + kind, Way::kS3Metadata, script, 1);
}

Fault rotated(const std::string& kind, Way way, std::optional<Type> error, std::size_t requests) {
  return {.kind = kind,
          .ways = {way},
          .script = as_ever(),
          .error = error,
          .requests = requests,
          .rotated = true};
}

Fault silent_source(Way way, const std::string& kind) {
  Fault fault = source(kind, way, silence(), 1, Type::kTimeout);
  fault.stalls = true;
  return fault;
}

const std::string kExpired =
    R"({"AccessKeyId": "AKIA9", "SecretAccessKey": "c4n4ry", "Token": "c4n4ry",)"
    R"( "Expiration": "2001-01-01T00:00:00Z"})";

}  // namespace

const std::vector<Fault>& credentials_faults() {
  static const std::vector<Fault> kRows = {
      rotated("password rotated, its file not yet", Way::kHttp, Type::kUnauthorized, 1),
      rotated("keys rotated, their files not yet", Way::kS3, Type::kCredentials, 2),
      rotated("container credentials rotated", Way::kS3Container, std::nullopt, 2),
      rotated("web identity credentials rotated", Way::kS3WebIdentity, std::nullopt, 2),
      rotated("instance credentials rotated", Way::kS3Metadata, std::nullopt, 2),
      container("status 403", status(403)),
      container("status 404", status(404)),
      container("status 429", status(429), 3, Type::kThrottled),
      container("status 500", status(500), 3),
      container("redirect to a foreign host", redirect_abroad(302)),
      container("empty answer", body("")),
      container("login page", body("<!doctype html><p>Log in")),
      container("answer over 10,000 bytes", body(std::string(10'001, ' '))),
      container("credentials that have expired", body(kExpired)),
      container("reset", reset_after(""), 3),
      silent_source(Way::kS3Container, "container credentials: silence"),
      sts("InvalidIdentityToken", sts_error(400, "InvalidIdentityToken"), 2),
      sts("IDPCommunicationError", sts_error(400, "IDPCommunicationError"), 2),
      sts("ExpiredTokenException", sts_error(400, "ExpiredTokenException")),
      sts("AccessDenied", sts_error(403, "AccessDenied")),
      sts("Throttling", sts_error(400, "Throttling"), 3, Type::kThrottled),
      sts("status 500", status(500), 3),
      sts("redirect to a foreign host", redirect_abroad(307)),
      sts("login page", body("<!doctype html><p>Log in")),
      sts("answer without credentials", body("<AssumeRoleWithWebIdentityResponse/>")),
      sts("answer without end",
          endless("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n", std::string(65'536, ' '))),
      metadata("status 403 for a token", status(403)),
      metadata("status 500 for a token", status(500)),
      metadata("version 1 alone", status(404)),
      metadata("token with a line break", body("a\r\nb")),
      silent_source(Way::kS3Metadata, "instance metadata: silence"),
  };
  return kRows;
}

}  // namespace lookout::repository
