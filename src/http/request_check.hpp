// What every backend refuses to send.
#pragma once

#include "lookout/base/result.hpp"
#include "lookout/http/message.hpp"

namespace lookout::http {

// kInvalid: a target or field that would end its line early (a second request, an injected
// field), a field name that is no token, or one of the fields that frame the body: those are
// the backend's own.
Result<void> check_request(const Request& request);

}  // namespace lookout::http
