// The kubeconfig file (client-go tools/clientcmd/api/v1): apiVersion v1, kind Config, YAML
// or JSON; lists of named clusters, users and contexts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/encoding/yaml.hpp"
#include "lookout/kube/cluster_config.hpp"

namespace lookout::kube {

// File names are absolute once read; "" = not given. PEM texts are decoded from base64.
struct KubeconfigCluster {
  std::string server;
  std::string ca_file;
  std::string ca_pem;
  std::string tls_server_name;
  std::string proxy_url;
  bool insecure_skip_tls_verify = false;
  std::string exec_extension_json;  // extensions[name=client.authentication.k8s.io/exec]
};

struct KubeconfigUser {
  std::string client_cert_file;
  std::string client_cert_pem;
  std::string client_key_file;
  std::string client_key_pem;
  std::string token;
  std::string token_file;
  std::string username;
  std::string password;
  std::optional<ExecPlugin> exec;
  Impersonation impersonate;
  std::string auth_provider;  // its name; no longer supported
};

struct KubeconfigContext {
  std::string cluster;
  std::string user;
  std::string default_namespace;
};

struct Kubeconfig {
  std::string current_context;
  std::map<std::string, KubeconfigCluster> clusters;
  std::map<std::string, KubeconfigUser> users;
  std::map<std::string, KubeconfigContext> contexts;

  bool empty() const {
    return current_context.empty() && clusters.empty() && users.empty() && contexts.empty();
  }
};

// `path` names the file in messages; its folder is what relative paths are relative to.
// kInvalid with the path and the key.
Result<Kubeconfig> parse_kubeconfig(std::string_view text, const std::string& path);

// What `into` has already wins, entry by entry.
void merge_kubeconfig(Kubeconfig& into, Kubeconfig from);

// The cluster, user and namespace of a context; "" = current-context. kInvalid when one is
// missing or holds what client-go refuses. `description` of the result is left empty.
Result<ClusterConfig> resolve_context(const Kubeconfig& config, const std::string& context);

// YAML 1.1 core scalars as JSON has them; for the extension a plugin is told.
std::string json_from_yaml(const encoding::Yaml& value);

}  // namespace lookout::kube
