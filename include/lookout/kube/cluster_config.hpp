// How to reach a cluster: from a kubeconfig as kubectl reads it (files of KUBECONFIG
// merged, first one wins a map key; relative paths against their own file; inline
// *-data over files) or from the service account of the pod.
// Source: client-go tools/clientcmd, rest.InClusterConfig; kubectl config view is the oracle.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/http/transport.hpp"
#include "lookout/http/url.hpp"

namespace lookout::kube {

// users[].user.exec, client.authentication.k8s.io/v1 or v1beta1.
struct ExecPlugin {
  std::string api_version;
  std::string command;  // with a slash: already resolved against the kubeconfig's folder
  std::vector<std::string> args;
  std::vector<std::pair<std::string, std::string>> env;
  std::string interactive_mode;  // "Never", "IfAvailable", "Always"; v1beta1's default IfAvailable
  bool provide_cluster_info = false;
  std::string install_hint;
  // The cluster's extension client.authentication.k8s.io/exec as JSON; "" when absent.
  std::string cluster_extension_json;
  // client-go sets none; a hung plugin would silence us for ever.
  std::chrono::milliseconds time_limit{60'000};

  bool operator==(const ExecPlugin&) const = default;
};

struct Impersonation {
  std::string user;
  std::string uid;
  std::vector<std::string> groups;
  std::vector<std::pair<std::string, std::vector<std::string>>> extra;

  bool operator==(const Impersonation&) const = default;
};

// Files are named here and read (and read again when they rotate) by Credentials.
struct ClusterConfig {
  http::Url server;
  std::string ca_file;
  std::string ca_pem;  // inline wins over the file
  std::string client_cert_file;
  std::string client_cert_pem;
  std::string client_key_file;
  std::string client_key_pem;
  std::string token;
  std::string token_file;  // wins over token, as in client-go
  std::string username;    // basic auth
  std::string password;
  std::optional<ExecPlugin> exec;
  Impersonation impersonate;
  bool insecure_skip_tls_verify = false;
  std::string tls_server_name;
  std::string proxy_url;  // of the kubeconfig; else the environment's
  std::string default_namespace = "default";
  std::string description;  // "kubeconfig /path, context x", "service account"; for logs

  bool operator==(const ClusterConfig&) const = default;
};

using Environment = std::map<std::string, std::string>;

struct ClusterSelection {
  std::string kubeconfig;  // --kubeconfig; "" = KUBECONFIG, then in-cluster, then ~/.kube/config
  std::string context;     // --context; "" = current-context
};

// kInvalid with one line that names the file and the key: no cluster at all, a
// missing explicit file, unknown context, bad value. A missing file of the KUBECONFIG
// list is skipped with a warning in the log.
Result<ClusterConfig> load_cluster_config(const ClusterSelection& selection,
                                          const Environment& environment);

}  // namespace lookout::kube
