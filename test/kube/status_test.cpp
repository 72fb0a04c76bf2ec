#include "lookout/kube/status.hpp"

#include <catch2/catch.hpp>

#include "test/kube/testdata.hpp"
#include "test/kube/wire_builder.hpp"

namespace lookout::kube {
namespace {

using std::chrono::seconds;

http::ResponseHead head(int status, http::Headers headers = {}) {
  return {status, std::move(headers)};
}

Error answer(int status, const std::string& body, http::Headers headers = {}) {
  return error_from_response(head(status, std::move(headers)), body);
}

std::string timeout_status(const std::string& details, const std::string& message) {
  return R"({"kind":"Status","code":504,"reason":"Timeout","message":")" + message +
         R"(","details":)" + details + "}";
}

}  // namespace

TEST_CASE("status: a real server's refusals") {
  struct Row {
    std::string file;
    int code;
    std::string reason;
    ErrorCode error;
  };
  const auto row = GENERATE(values<Row>({
      {"status_400.json", 400, "BadRequest", ErrorCode::kInvalid},
      {"status_401.json", 401, "Unauthorized", ErrorCode::kUnauthorized},
      {"status_403.json", 403, "Forbidden", ErrorCode::kForbidden},
      {"status_403.pb", 403, "Forbidden", ErrorCode::kForbidden},
      {"status_404.json", 404, "NotFound", ErrorCode::kNotFound},
      {"status_404.pb", 404, "NotFound", ErrorCode::kNotFound},
      {"status_406.json", 406, "NotAcceptable", ErrorCode::kInvalid},
      {"status_410.json", 410, "Expired", ErrorCode::kGone},
      {"status_410.pb", 410, "Expired", ErrorCode::kGone},
      {"status_422.json", 422, "Invalid", ErrorCode::kInvalid},
      {"status_504.json", 504, "Timeout", ErrorCode::kGone},
      {"status_504.pb", 504, "Timeout", ErrorCode::kGone},
  }));
  const std::string body = testdata(row.file);
  const auto status = parse_status(body);
  REQUIRE(status);
  CHECK(status->code == row.code);
  CHECK(status->reason == row.reason);
  CHECK_FALSE(status->message.empty());
  CHECK(status->resource_version_too_large == (row.code == 504));
  CHECK(answer(row.code, body).code == row.error);
  CHECK(error_from_status(*status).code == row.error);
}

TEST_CASE("status: details of a real server's refusals, alike in both formats") {
  for (const char* const code : {"403", "404", "410", "504"}) {
    const auto json = parse_status(testdata("status_" + std::string(code) + ".json"));
    auto protobuf = parse_status(testdata("status_" + std::string(code) + ".pb"));
    REQUIRE(json);
    REQUIRE(protobuf);
    if (json->code != 504) CHECK(*json == *protobuf);
  }
  const auto expired = parse_status(testdata("status_410.pb"));
  CHECK(expired->continue_token.substr(0, 10) == "eyJ2IjoibW");
  const auto ahead = parse_status(testdata("status_504.pb"));
  CHECK(ahead->retry_after_seconds == 1U);
  CHECK(answer(504, testdata("status_504.json")).retry_after == seconds(1));
}

TEST_CASE("L6: status: a resourceVersion ahead of the server, in three forms") {
  const std::string too_large = "Too large resource version";
  const auto by_cause = parse_status(
      timeout_status(R"({"causes":[{"reason":"x"},{"reason":"ResourceVersionTooLarge"}]})", "m"));
  const auto by_cause_message =
      parse_status(timeout_status(R"({"causes":[{"message":")" + too_large + R"("}]})", "m"));
  const auto by_message = parse_status(timeout_status("null", "Timeout: " + too_large + ": 9"));
  const auto another = parse_status(timeout_status(R"({"causes":[{"message":"x"},7]})", "m"));
  CHECK(by_cause->resource_version_too_large);
  CHECK(by_cause_message->resource_version_too_large);
  CHECK(by_message->resource_version_too_large);
  CHECK_FALSE(another->resource_version_too_large);
  CHECK(error_from_status(*another).code == ErrorCode::kUnavailable);
  const auto no_timeout = parse_status(R"({"kind":"Status","message":")" + too_large + "\"}");
  CHECK_FALSE(no_timeout->resource_version_too_large);
}

TEST_CASE("status: what is none") {
  const auto body = GENERATE(values<std::string>({
      "",
      "<html>502</html>",
      "null",
      "[]",
      "{}",
      R"({"kind":"Secret"})",
      R"({"kind":7})",
      R"({"kind":"Status")",
      std::string("k8s\0", 4),
      std::string("k8s\0\x0a\x7f", 6),
      wire::envelope("v1", "Secret", ""),
      wire::envelope("v1", "Status", "\x1a\x7f"),
      wire::envelope("v1", "Status", wire::bytes_field(1, "\x12\x7f")),
      wire::envelope("v1", "Status", wire::bytes_field(5, "\x22\x7f")),
      wire::envelope("v1", "Status", wire::bytes_field(5, wire::bytes_field(4, "\x0a\x7f"))),
  }));
  CHECK_FALSE(parse_status(body));
}

TEST_CASE("status: members of wrong types count as absent") {
  const auto status =
      parse_status(R"({"kind":"Status","code":"410","reason":7,"message":null,"metadata":[],)"
                   R"("details":{"retryAfterSeconds":-1,"causes":{}}})");
  REQUIRE(status);
  CHECK(*status == Status{});
  const auto huge = parse_status(R"({"kind":"Status","code":99999999999,)"
                                 R"("details":{"retryAfterSeconds":18446744073709551615}})");
  REQUIRE(huge);
  CHECK(*huge == Status{});
  const auto negative = parse_status(wire::envelope(
      "v1", "Status",
      wire::number_field(6, ~0ULL) + wire::bytes_field(5, wire::number_field(5, ~0ULL))));
  REQUIRE(negative);
  CHECK(*negative == Status{});
}

TEST_CASE("error from response: by status and Retry-After") {
  struct Row {
    int status;
    http::Headers headers;
    ErrorCode code;
    std::optional<seconds> retry_after;
  };
  const auto row = GENERATE(values<Row>({
      {429, {{"Retry-After", "7"}}, ErrorCode::kThrottled, seconds(7)},
      {429, {{"retry-after", " 7 "}}, ErrorCode::kThrottled, seconds(7)},
      {429, {}, ErrorCode::kThrottled, std::nullopt},
      {429,
       {{"Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"}},
       ErrorCode::kThrottled,
       std::nullopt},
      {429, {{"Retry-After", "-1"}}, ErrorCode::kThrottled, std::nullopt},
      {429, {{"Retry-After", "99999999"}}, ErrorCode::kThrottled, seconds(3'600)},
      {503, {{"Retry-After", "2"}}, ErrorCode::kThrottled, seconds(2)},
      {503, {}, ErrorCode::kUnavailable, std::nullopt},
      {500, {{"Retry-After", "2"}}, ErrorCode::kUnavailable, seconds(2)},
      {502, {}, ErrorCode::kUnavailable, std::nullopt},
      {302, {}, ErrorCode::kUnavailable, std::nullopt},
      {404, {}, ErrorCode::kNotFound, std::nullopt},
      {410, {}, ErrorCode::kGone, std::nullopt},
      {415, {}, ErrorCode::kInvalid, std::nullopt},
  }));
  const Error error = answer(row.status, "<html>", row.headers);
  CHECK(error.code == row.code);
  CHECK(error.retry_after == row.retry_after);
  CHECK(error.message == "the API server answered " + std::to_string(row.status));
}

TEST_CASE("error from response: the Status speaks, but not at length") {
  const std::string body = R"({"kind":"Status","reason":"Forbidden","message":"no\n)" +
                           std::string(500, 'x') + R"(","details":{"retryAfterSeconds":3}})";
  const Error error = answer(403, body);
  CHECK(error.message ==
        "the API server answered 403 \"Forbidden\": \"no\\x0a" + std::string(61, 'x') + "...\"");
  CHECK(error.retry_after == seconds(3));
  CHECK(answer(429, body, {{"Retry-After", "9"}}).retry_after == seconds(9));
}

TEST_CASE("error from status: events inside a watch") {
  Status status;
  status.code = 500;
  status.reason = "InternalError";
  status.message = "etcd";
  CHECK(
      error_from_status(status) ==
      Error{ErrorCode::kUnavailable, "the API server sent error 500 \"InternalError\": \"etcd\""});
  status.reason = "Gone";
  status.code = 0;
  CHECK(error_from_status(status).code == ErrorCode::kGone);
  status.reason = "TooManyRequests";
  status.code = 429;
  status.retry_after_seconds = 4;
  CHECK(error_from_status(status).code == ErrorCode::kThrottled);
  CHECK(error_from_status(status).retry_after == seconds(4));
}

}  // namespace lookout::kube
