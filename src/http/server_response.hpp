// What the server itself puts into responses. Pure: no sockets, no Boost.
#pragma once

#include <chrono>
#include <string>

#include "lookout/base/result.hpp"

#include "src/http/server_request.hpp"

namespace lookout::http {

// IMF-fixdate (RFC 9110 section 5.6.7), as in the Date field.
std::string http_date(std::chrono::system_clock::time_point time);

// kInvalid when a handler's response may not go out as it is: a status outside
// 200..599, a field name that is no token, a value with controls (header injection),
// a field over 8 KiB, or one that is the server's job.
Result<void> check_response(const ServerResponse& response);

// RFC 6797, for responses over TLS: a year.
inline constexpr const char* kStrictTransport = "max-age=31536000";

// A port-forward: a browser would ask for TLS on all other ports of localhost too.
bool is_for_localhost(const ServerRequest& request);

// One line of text, uncacheable; with Allow for a 405.
ServerResponse plain_response(const Refusal& refusal);

}  // namespace lookout::http
