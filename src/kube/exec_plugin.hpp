// Runs a credential plugin as client-go plugin/pkg/client/auth/exec does: no shell,
// environment of this process plus the kubeconfig's plus KUBERNETES_EXEC_INFO.
#pragma once

#include <stop_token>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/kube/cluster_config.hpp"
#include "src/kube/exec_credential.hpp"

namespace lookout::kube {

// Blocks for a minute at most. kUnauthorized: plugin missing, failed, hung or answered
// something else than an ExecCredential; kCancelled. Messages hold nothing the plugin wrote.
// REQUIRES: config.exec
Result<ExecCredential> run_exec_plugin(const ClusterConfig& config, std::string_view ca_pem,
                                       std::stop_token stop);

}  // namespace lookout::kube
