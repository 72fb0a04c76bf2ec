// The headers of every request to an API server.
#pragma once

#include <string>

#include "lookout/http/message.hpp"
#include "lookout/kube/cluster_config.hpp"

namespace lookout::kube {

// User-Agent, Accept, Authorization (unless empty) and Impersonate-* (client-go
// transport.impersonatingRoundTripper: one field a value, keys of extra percent-encoded).
http::Headers request_headers(const std::string& accept, const std::string& authorization,
                              const ClusterConfig& config);

}  // namespace lookout::kube
