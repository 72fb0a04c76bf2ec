// The text that a Secret of the settings stands for at this moment.
#pragma once

#include <string>

#include "lookout/aws/credentials.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/message.hpp"
#include "lookout/http/transport.hpp"
#include "lookout/repository/settings.hpp"

namespace lookout::repository {

inline constexpr std::size_t kSecretBytesMax = 64U << 10;

// One line: white space at both ends is dropped, as files and variables end in a line feed.
// "" when nothing is given. kInvalid: a variable that is not set, a file that cannot be read,
// control characters (they would split a header). Messages name the file or the variable and
// quote nothing of the value.
Result<std::string> read_secret(const Secret& secret, const aws::Environment& environment);

// PEM texts, whole. Same errors, but for control characters.
Result<http::TlsOptions> read_tls(const TlsSettings& settings, const aws::Environment& environment);

// "Basic ..." or "Bearer ..."; "" when neither is configured. The bearer token wins.
Result<std::string> read_authorization(const HttpAuth& auth, const aws::Environment& environment);

// Authorization, then the custom headers. kInvalid also for names that are no header names or
// that are ours to write (Host, Content-Length, User-Agent, ...).
Result<http::Headers> read_auth_headers(const HttpAuth& auth, const aws::Environment& environment);

}  // namespace lookout::repository
