// Health reports → responses in the words of kube-apiserver's endpoints.
#pragma once

#include <string_view>

#include "lookout/http/server.hpp"
#include "lookout/web/health.hpp"

namespace lookout::web {

// Of a health endpoint, which is open: kubelets and load balancers bring no credentials.
bool is_health_path(std::string_view path);

// 200 "ok" or 503 with the reason. When the query has the key `verbose`:
//   [+]NAME ok
//   [-]NAME failed: DETAIL
//   ENDPOINT check passed|failed: REASON
http::ServerResponse health_response(std::string_view endpoint, const HealthReport& report,
                                     std::string_view query);

}  // namespace lookout::web
