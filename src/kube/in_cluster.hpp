// The service account of a pod (client-go rest.InClusterConfig): where the API server is
// stands in KUBERNETES_SERVICE_HOST and _PORT; token, ca.crt and namespace are files.
#pragma once

#include <string>

#include "lookout/base/result.hpp"
#include "lookout/kube/cluster_config.hpp"

namespace lookout::kube {

inline constexpr const char* kServiceAccountFolder =
    "/var/run/secrets/kubernetes.io/serviceaccount";

// Both variables are set.
bool runs_in_cluster(const Environment& environment);

// kInvalid: bad host or port, or no token.
Result<ClusterConfig> in_cluster_config(const Environment& environment,
                                        const std::string& folder);

// load_cluster_config with the folder of the service account.
Result<ClusterConfig> load_cluster_config_with(const ClusterSelection& selection,
                                               const Environment& environment,
                                               const std::string& folder);

}  // namespace lookout::kube
