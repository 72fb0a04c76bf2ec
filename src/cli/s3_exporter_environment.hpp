// The environment of Helm S3 Exporter, so that its Deployment starts this program unchanged:
// S3_BUCKET, S3_REGION, S3_KEY (index.yaml), USE_IAM_ROLE (true), AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL[_S3], SCAN_INTERVAL (5m),
// SCAN_TIMEOUT (30s). Names and defaults: its pkg/config/config.go, LoadFromEnv. An empty
// variable counts as none, as there. METRICS_PORT, METRICS_PATH, ENABLE_HTML and HTML_PATH are
// aliases in settings_table().
//
// With USE_IAM_ROLE=true credentials come from the default chain, which begins with the
// environment; with false, from the three variables alone, the session token included.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "lookout/base/result.hpp"
#include "lookout/repository/settings.hpp"

namespace lookout::cli {

// nullopt without S3_BUCKET. kInvalid names the variable; no secret is quoted.
Result<std::optional<repository::RepositorySettings>> repository_from_environment(
    const std::map<std::string, std::string>& environment);

}  // namespace lookout::cli
