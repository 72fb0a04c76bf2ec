// metav1.Status: what the API server answers when it refuses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/http/message.hpp"

namespace lookout::kube {

struct Status {
  int code = 0;
  std::string reason;                                // "Expired", "Gone", "Timeout", ...
  std::string message;                               // as sent; quote_bounded before logging
  std::string continue_token;                        // metadata.continue of a 410 on a page
  bool resource_version_too_large = false;           // by cause reason, cause message or message
  std::optional<std::uint32_t> retry_after_seconds;  // details.retryAfterSeconds

  bool operator==(const Status&) const = default;
};

// From a response body (protobuf by its k8s\0 magic, else JSON: servers may answer a request
// for protobuf so). nullopt when it is no Status
// (HTML of a proxy, plain text).
std::optional<Status> parse_status(std::string_view body);

// The ErrorCode that a refusal stands for, with retry_after from the header (whole seconds
// only) or the Status, an hour at most. `body` is what was kept of the answer (64 KiB at most).
// kGone also for a resourceVersion ahead of the server (504); kInvalid for requests that the
// server does not understand (400, 405, 406, 415, 422: an old server, or no WatchList).
// REQUIRES: head.status is not 2xx
Error error_from_response(const http::ResponseHead& head, std::string_view body);
// The same for an ERROR event inside a watch of HTTP 200.
Error error_from_status(const Status& status);

}  // namespace lookout::kube
