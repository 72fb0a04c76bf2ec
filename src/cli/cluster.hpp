// From the settings to a client of the cluster.
#pragma once

#include <memory>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"
#include "lookout/kube/api_client.hpp"

#include "src/cli/settings.hpp"

namespace lookout::cli {

// kInvalid: no kubeconfig and no service account, or one that cannot be used; one line.
Result<std::unique_ptr<kube::ApiClient>> connect_cluster(const Settings& settings,
                                                         const Clock& clock);

}  // namespace lookout::cli
