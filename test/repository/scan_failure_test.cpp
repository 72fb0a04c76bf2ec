#include "src/repository/scan_failure.hpp"

#include <catch2/catch.hpp>

using namespace lookout;
using namespace lookout::repository;
using helm::IndexDefect;

namespace {

http::Url url(const std::string& text) {
  return http::parse_url(text).value();
}

ScanError failed(const std::string& message, ErrorCode code = ErrorCode::kUnavailable) {
  return std::get<ScanError>(transport_failure({code, message}, "https://a.example/i"));
}

http::ResponseHead head(int status, http::Headers headers = {}) {
  return {status, std::move(headers)};
}

}  // namespace

TEST_CASE("scan failure: URLs are shown without user, query and default port") {
  CHECK(shown_url(url("https://u:p@a.example/x/index.yaml?token=1")) ==
        "https://a.example/x/index.yaml");
  CHECK(shown_url(url("http://a.example:8080/")) == "http://a.example:8080/");
  CHECK(shown_url(url("http://[::1]:80/x")) == "http://[::1]/x");
  CHECK(shown_url(url("https://a.example:80/")) == "https://a.example:80/");
  CHECK(shown_url(url("https://a.example/" + std::string(4'000, 'x'))).size() < 600);
}

TEST_CASE("scan failure: the phase of a transfer is its type") {
  const std::pair<std::string, ScanErrorType> row =
      GENERATE(values<std::pair<std::string, ScanErrorType>>({
          {"resolve: no such host", ScanErrorType::kDns},
          {"connect: refused", ScanErrorType::kConnect},
          {"tls: certificate has expired", ScanErrorType::kTls},
          {"headers: reset", ScanErrorType::kConnect},
          {"body: cut short", ScanErrorType::kConnect},
          {"resolve: timed out", ScanErrorType::kTimeout},
          {"headers: timed out after 5 s", ScanErrorType::kTimeout},
          {"proxy: resolve: no such host", ScanErrorType::kDns},
          {"proxy: tls: unknown CA", ScanErrorType::kTls},
          {"proxy: connect: refused", ScanErrorType::kConnect},
      }));
  const ScanError error = failed(row.first);
  CHECK(error.type == row.second);
  CHECK(error.message == "https://a.example/i: " + row.first);
}

TEST_CASE("scan failure: codes that say more than the phase") {
  CHECK(failed("body: x", ErrorCode::kTooLarge).type == ScanErrorType::kTooLarge);
  CHECK(failed("body: x", ErrorCode::kMalformed).type == ScanErrorType::kMalformed);
  CHECK(failed("bad header", ErrorCode::kInvalid).type == ScanErrorType::kCredentials);
  CHECK(std::holds_alternative<Cancelled>(
      transport_failure({ErrorCode::kCancelled, "cancelled"}, "x")));
  CHECK(std::holds_alternative<Cancelled>(settings_failure({ErrorCode::kCancelled, "cancelled"})));
}

TEST_CASE("scan failure: credentials that cannot be had, now or at all") {
  const auto type = [](ErrorCode code) {
    return std::get<ScanError>(settings_failure({code, "STS"})).type;
  };
  CHECK(type(ErrorCode::kNotFound) == ScanErrorType::kCredentials);
  CHECK(type(ErrorCode::kUnavailable) == ScanErrorType::kCredentials);
  CHECK(type(ErrorCode::kThrottled) == ScanErrorType::kThrottled);
}

TEST_CASE("scan failure: a defect of the index is its type") {
  const std::pair<IndexDefect, ScanErrorType> row =
      GENERATE(std::pair(IndexDefect::kEmpty, ScanErrorType::kEmpty),
               std::pair(IndexDefect::kNotAnIndex, ScanErrorType::kNotAnIndex),
               std::pair(IndexDefect::kMalformed, ScanErrorType::kMalformed),
               std::pair(IndexDefect::kTooLarge, ScanErrorType::kTooLarge),
               std::pair(IndexDefect::kAliases, ScanErrorType::kAliases));
  const auto outcome =
      index_failure({row.first, {ErrorCode::kMalformed, "line 3"}}, "https://a.example/i");
  CHECK(std::get<ScanError>(outcome).type == row.second);
  CHECK(std::get<ScanError>(outcome).message == "https://a.example/i: line 3");
}

TEST_CASE("scan failure: statuses have their types") {
  const std::pair<int, ScanErrorType> row = GENERATE(
      std::pair(401, ScanErrorType::kUnauthorized), std::pair(403, ScanErrorType::kForbidden),
      std::pair(404, ScanErrorType::kNotFound), std::pair(410, ScanErrorType::kNotFound),
      std::pair(407, ScanErrorType::kUnauthorized), std::pair(408, ScanErrorType::kTimeout),
      std::pair(429, ScanErrorType::kThrottled), std::pair(302, ScanErrorType::kRedirect),
      std::pair(304, ScanErrorType::kHttpStatus), std::pair(500, ScanErrorType::kHttpStatus),
      std::pair(503, ScanErrorType::kHttpStatus), std::pair(206, ScanErrorType::kHttpStatus));
  CHECK(status_failure(head(row.first), url("https://a.example/i")).type == row.second);
}

TEST_CASE("scan failure: a status reads as a sentence for operators") {
  CHECK(status_failure(head(403), url("https://a.example/i?t=1"), "AccessDenied", "no role")
            .message == "403 Forbidden (AccessDenied) from https://a.example/i: no role");
  CHECK(status_failure(head(599), url("https://a.example/i")).message ==
        "599 from https://a.example/i");
}

TEST_CASE("scan failure: Retry-After is obeyed within a day") {
  const auto asked = [](const std::string& value) {
    return status_failure(head(503, {{"Retry-After", value}}), url("https://a.example/"));
  };
  CHECK(asked("120").retry_after == std::chrono::seconds(120));
  CHECK(asked("120").type == ScanErrorType::kThrottled);
  CHECK(asked("4000000000").retry_after == std::chrono::hours(24));
  CHECK_FALSE(asked("Fri, 31 Dec 1999 23:59:59 GMT").retry_after);
  CHECK_FALSE(asked("-1").retry_after);
}
