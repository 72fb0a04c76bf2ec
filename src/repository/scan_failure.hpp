// From what went wrong to the ScanError that an operator reads. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/http/message.hpp"
#include "lookout/http/url.hpp"
#include "lookout/repository/scan.hpp"

namespace lookout::repository {

// What a URL looks like in messages and labels: no user, no query, no default port.
std::string shown_url(const http::Url& url);

// A failed send() to `place`, a shown_url(): Cancelled, or the type that its phase means.
ScanOutcome transport_failure(const Error& error, const std::string& place);

// What the parser or the transfer says of an index at `place`: the defect's type, else as
// transport_failure().
ScanOutcome index_failure(const helm::IndexFailure& failure, const std::string& place);

// A status that is no success: "403 Forbidden from https://host/path". `detail` (an error code of
// the service, "" = none) stands in parentheses behind it and `hint` after a colon.
ScanError status_failure(const http::ResponseHead& head, const http::Url& url,
                         std::string_view detail = "", std::string_view hint = "");

// Credentials that cannot be had, certificates or a proxy of the settings that cannot be used:
// kCredentials, or kThrottled when the service that hands them out says so.
ScanOutcome settings_failure(const Error& error);

// Retry-After in seconds; nullopt when absent or a date. At most a day.
std::optional<std::chrono::seconds> retry_after(const http::Headers& headers);

}  // namespace lookout::repository
