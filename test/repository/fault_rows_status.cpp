#include "test/repository/fault_table.hpp"

namespace lookout::repository {
namespace {

using namespace std::chrono_literals;
using Type = ScanErrorType;

constexpr Duration kTransient = 150ms;  // 50 and 100, at most
constexpr Duration kThrottling = 3s;    // 1 and 2

Fault plain(int code, Type type) {
  return {.kind = "status " + std::to_string(code),
          .ways = kEveryKind,
          .script = status(code),
          .error = type};
}

// One that S3 clients try again.
Fault passing(int code, Type type, Duration waits_max) {
  Fault fault = plain(code, type);
  fault.requests_s3 = 3;
  fault.waits_max = waits_max;
  return fault;
}

Fault asking(const std::string& kind, int code, const std::string& seconds, Duration held_back) {
  Fault fault = passing(code, Type::kThrottled, kThrottling);
  fault.kind = kind;
  fault.script = status(code, "Retry-After: " + seconds + "\r\n");
  fault.held_back = held_back;
  return fault;
}

}  // namespace

const std::vector<Fault>& status_faults() {
  static const std::vector<Fault> kRows = {
      plain(201, Type::kHttpStatus),
      plain(204, Type::kHttpStatus),
      plain(206, Type::kHttpStatus),
      plain(300, Type::kHttpStatus),
      plain(400, Type::kHttpStatus),
      plain(401, Type::kUnauthorized),
      plain(402, Type::kHttpStatus),
      plain(403, Type::kForbidden),
      plain(404, Type::kNotFound),
      plain(407, Type::kUnauthorized),
      plain(408, Type::kTimeout),
      plain(410, Type::kNotFound),
      plain(418, Type::kHttpStatus),
      passing(429, Type::kThrottled, kThrottling),
      passing(500, Type::kHttpStatus, kTransient),
      plain(501, Type::kHttpStatus),
      passing(502, Type::kHttpStatus, kTransient),
      passing(503, Type::kHttpStatus, kTransient),
      passing(504, Type::kHttpStatus, kTransient),
      plain(599, Type::kHttpStatus),
      asking("status 429 with Retry-After", 429, "120", 120s),
      asking("status 503 with Retry-After", 503, "120", 120s),
      asking("status 429 with Retry-After of a year", 429, "31536000", 1h),
      asking("status 429 with Retry-After that is none", 429, "-5", 0s),
      {.kind = "status 304 that nobody asked for",
       .ways = kIndexFiles,
       .script = status(304),
       .error = Type::kHttpStatus,
       .validators = false},
      {.kind = "status 304 with another ETag",
       .ways = kIndexFiles,
       .script = status(304, "ETag: \"another\"\r\n")},
      {.kind = "ETag that is none",
       .ways = kIndexFiles,
       .script = body(index_text(1), "ETag: W/\xff\r\n")},
      {.kind = "ETag of 32 KiB",
       .ways = kIndexFiles,
       .script = body(index_text(1), "ETag: \"" + std::string(32U << 10, 'e') + "\"\r\n")},
      {.kind = "ETag of the last index on another",
       .ways = kIndexFiles,
       .script = body(index_text(1) + "# changed\n", "ETag: \"1\"\r\n")},
  };
  return kRows;
}

}  // namespace lookout::repository
