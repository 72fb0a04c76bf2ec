#include "lookout/kube/status.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"

#include "src/kube/object_protobuf.hpp"
#include "src/kube/status_causes.hpp"
#include "src/kube/status_json.hpp"
#include "src/kube/status_protobuf.hpp"

namespace lookout::kube {
namespace {

constexpr std::string_view kTooLargeMessage = "Too large resource version";

// A peer that asks for days must not silence us for days.
constexpr std::uint32_t kRetryAfterSecondsMax = 3'600;

std::optional<std::chrono::seconds> bounded(std::optional<std::uint32_t> seconds) {
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(std::min(*seconds, kRetryAfterSecondsMax));
}

ErrorCode code_of(int http_code, const Status* status, bool has_retry_after) {
  const bool gone = status != nullptr && (status->resource_version_too_large ||
                                          status->reason == "Expired" || status->reason == "Gone");
  if (gone) return ErrorCode::kGone;
  switch (http_code) {
    case 400:
    case 405:
    case 406:
    case 415:
    case 422: return ErrorCode::kInvalid;
    case 401: return ErrorCode::kUnauthorized;
    case 403: return ErrorCode::kForbidden;
    case 404: return ErrorCode::kNotFound;
    case 410: return ErrorCode::kGone;
    case 429: return ErrorCode::kThrottled;
    case 503: return has_retry_after ? ErrorCode::kThrottled : ErrorCode::kUnavailable;
    default: return ErrorCode::kUnavailable;
  }
}

std::string describe(const Status& status) {
  return " " + quote_bounded(status.reason) + ": " + quote_bounded(status.message);
}

}  // namespace

void StatusCauses::add(std::string_view reason, std::string_view message) {
  by_reason_ = by_reason_ || reason == "ResourceVersionTooLarge";
  by_message_ = by_message_ || message == kTooLargeMessage;
}

bool StatusCauses::resource_version_too_large(const Status& status) const {
  if (by_reason_) return true;
  if (status.reason != "Timeout") return false;
  return by_message_ || status.message.find(kTooLargeMessage) != std::string::npos;
}

std::optional<Status> parse_status(std::string_view body) {
  if (body.substr(0, kProtobufMagic.size()) != kProtobufMagic) return read_status_json(body);
  const std::optional<Envelope> envelope = read_envelope(body);
  if (!envelope || envelope->type != kStatus) return std::nullopt;
  return read_status_protobuf(envelope->raw);
}

Error error_from_response(const http::ResponseHead& head, std::string_view body) {
  const std::optional<Status> status = parse_status(body);
  std::optional<std::uint32_t> retry_after;
  if (const std::string* header = head.headers.find("Retry-After")) {
    retry_after = parse_number<std::uint32_t>(trim(*header));
  }
  if (!retry_after && status) retry_after = status->retry_after_seconds;
  Error error;
  error.code = code_of(head.status, status ? &*status : nullptr, retry_after.has_value());
  error.message = "the API server answered " + std::to_string(head.status);
  if (status) error.message += describe(*status);
  error.retry_after = bounded(retry_after);
  return error;
}

Error error_from_status(const Status& status) {
  return {code_of(status.code, &status, status.retry_after_seconds.has_value()),
          "the API server sent error " + std::to_string(status.code) + describe(status),
          bounded(status.retry_after_seconds)};
}

}  // namespace lookout::kube
