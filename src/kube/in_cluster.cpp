#include "src/kube/in_cluster.hpp"

#include "lookout/base/log.hpp"
#include "lookout/base/text.hpp"
#include "lookout/system/files.hpp"

namespace lookout::kube {
namespace {

std::string variable(const Environment& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

}  // namespace

bool runs_in_cluster(const Environment& environment) {
  return !variable(environment, "KUBERNETES_SERVICE_HOST").empty() &&
         !variable(environment, "KUBERNETES_SERVICE_PORT").empty();
}

Result<ClusterConfig> in_cluster_config(const Environment& environment,
                                        const std::string& folder) {
  const std::string host = variable(environment, "KUBERNETES_SERVICE_HOST");
  const std::string port = variable(environment, "KUBERNETES_SERVICE_PORT");
  const bool ipv6 = host.find(':') != std::string::npos;
  Result<http::Url> server =
      http::parse_url("https://" + (ipv6 ? "[" + host + "]" : host) + ":" + port);
  if (!server.ok()) {
    return Error{ErrorCode::kInvalid,
                 "KUBERNETES_SERVICE_HOST and _PORT: " + server.error().message};
  }
  ClusterConfig config;
  config.server = std::move(server).value();
  config.token_file = folder + "/token";
  config.description = "service account";
  const Result<std::string> token = system::read_file(config.token_file);
  if (!token.ok()) {
    return Error{ErrorCode::kInvalid, "service account: " + token.error().message};
  }
  // client-go goes on with the system's roots as well.
  const Result<std::string> ca = system::read_file(folder + "/ca.crt");
  if (ca.ok()) {
    config.ca_file = folder + "/ca.crt";
  } else {
    log::warn("service account without CA, the system's is used", {{"error", ca.error()}});
  }
  const Result<std::string> space = system::read_file(folder + "/namespace");
  if (space.ok() && !trim(*space).empty()) config.default_namespace = std::string(trim(*space));
  return config;
}

}  // namespace lookout::kube
