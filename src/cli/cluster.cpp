#include "src/cli/cluster.hpp"

#include <utility>

#include "lookout/base/log.hpp"
#include "lookout/http/cluster_transport.hpp"
#include "lookout/kube/cluster_config.hpp"
#include "lookout/system/files.hpp"

namespace lookout::cli {

Result<std::unique_ptr<kube::ApiClient>> connect_cluster(const Settings& settings,
                                                         const Clock& clock) {
  const kube::ClusterSelection selection{settings.kubeconfig, settings.context};
  auto config = kube::load_cluster_config(selection, system::environment());
  if (!config) return config.error();
  log::info("cluster", {{"server", config->server.redacted()}, {"from", config->description}});
  return kube::ApiClient::create(std::move(*config), http::create_cluster_transport, clock);
}

}  // namespace lookout::cli
