// What every request for a repository has in common.
#pragma once

#include <string>

#include "lookout/base/clock.hpp"
#include "lookout/http/message.hpp"
#include "lookout/http/url.hpp"

namespace lookout::repository {

// "helm-lookout/1.2.3"
std::string user_agent();

// GET of that path and query. Both time-outs are what is `left` of the scan's.
http::Request index_request(const http::Url& url, Duration left);

bool is_redirect(int status);

}  // namespace lookout::repository
