// What every request for a repository has in common.
#pragma once

#include "lookout/base/clock.hpp"
#include "lookout/http/message.hpp"
#include "lookout/http/url.hpp"

namespace lookout::repository {

// GET of that path and query. Both time-outs are what is `left` of the scan's.
http::Request index_request(const http::Url& url, Duration left);

bool is_redirect(int status);

}  // namespace lookout::repository
