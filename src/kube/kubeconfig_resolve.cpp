#include <algorithm>
#include <utility>

#include "lookout/base/text.hpp"
#include "src/kube/credential_text.hpp"
#include "src/kube/kubeconfig.hpp"

namespace lookout::kube {
namespace {

constexpr std::size_t kNameQuotedBytesMax = 256;

Error invalid(const std::string& what) { return {ErrorCode::kInvalid, what}; }

std::string quoted(const std::string& name) { return quote_bounded(name, kNameQuotedBytesMax); }

bool given(const std::string& a, const std::string& b) { return !a.empty() || !b.empty(); }

// Without a scheme it is http, whatever the TLS settings: client-go looks at those only after
// it has seen https.
Result<http::Url> server_url(const std::string& server) {
  if (server.empty()) return invalid("no server");
  const bool bare = server.find("://") == std::string::npos;
  Result<http::Url> url = http::parse_url(bare ? "http://" + server : server);
  if (!url.ok()) return invalid("server: " + url.error().message);
  if (url->scheme != "https" && url->scheme != "http") return invalid("server: not http or https");
  return url;
}

Result<void> apply_cluster(const KubeconfigCluster& cluster, ClusterConfig& into) {
  Result<http::Url> url = server_url(cluster.server);
  if (!url.ok()) return url.error();
  if (cluster.insecure_skip_tls_verify && given(cluster.ca_file, cluster.ca_pem)) {
    return invalid("certificate-authority together with insecure-skip-tls-verify");
  }
  if (!cluster.ca_pem.empty() && !looks_like_certificates(cluster.ca_pem)) {
    return invalid("certificate-authority-data: no PEM certificate");
  }
  if (!cluster.proxy_url.empty()) {
    const Result<http::Url> proxy = http::parse_url(cluster.proxy_url);
    if (!proxy.ok()) return invalid("proxy-url: " + proxy.error().message);
  }
  into.server = std::move(url).value();
  into.ca_file = cluster.ca_file;
  into.ca_pem = cluster.ca_pem;
  into.insecure_skip_tls_verify = cluster.insecure_skip_tls_verify;
  into.tls_server_name = cluster.tls_server_name;
  into.proxy_url = cluster.proxy_url;
  return {};
}

Result<void> check_exec(const ExecPlugin& plugin) {
  if (plugin.command.empty()) return invalid("exec: no command");
  if (plugin.api_version != "client.authentication.k8s.io/v1" &&
      plugin.api_version != "client.authentication.k8s.io/v1beta1") {
    return invalid("exec: apiVersion " + quoted(plugin.api_version) +
                   " is neither client.authentication.k8s.io/v1 nor v1beta1");
  }
  constexpr std::string_view modes[] = {"Never", "IfAvailable", "Always"};
  if (std::find(std::begin(modes), std::end(modes), plugin.interactive_mode) == std::end(modes)) {
    return invalid("exec: interactiveMode is not Never, IfAvailable or Always");
  }
  const bool named = std::all_of(plugin.env.begin(), plugin.env.end(),
                                 [](const auto& variable) { return !variable.first.empty(); });
  if (!named) return invalid("exec: env without name");
  return {};
}

bool printable(std::string_view text) { return text.empty() || looks_like_token(text); }

// Everything here becomes a header's value.
Result<void> check_impersonation(const Impersonation& as) {
  const bool more = !as.uid.empty() || !as.groups.empty() || !as.extra.empty();
  if (as.user.empty() && more) {
    return invalid("as-uid, as-groups or as-user-extra without as");
  }
  bool good = printable(as.user) && printable(as.uid);
  for (const std::string& group : as.groups) good = good && printable(group);
  for (const auto& [key, values] : as.extra) {
    for (const std::string& value : values) good = good && printable(value);
  }
  if (!good) return invalid("as: control or non-ASCII characters");
  return {};
}

Result<void> check_user(const KubeconfigUser& user) {
  if (!user.auth_provider.empty()) {
    return invalid("auth-provider " + quoted(user.auth_provider) +
                   " is no longer supported, by kubectl neither: use exec");
  }
  if (!user.token.empty() && given(user.username, user.password)) {
    return invalid("token and username: only one is allowed");
  }
  if (!printable(user.token)) return invalid("token: control characters");
  const bool certificate = given(user.client_cert_file, user.client_cert_pem);
  const bool key = given(user.client_key_file, user.client_key_pem);
  if (certificate && !key) return invalid("client-certificate without client-key");
  if (!user.client_cert_pem.empty() && !looks_like_certificates(user.client_cert_pem)) {
    return invalid("client-certificate-data: no PEM certificate");
  }
  if (!user.client_key_pem.empty() && !looks_like_private_key(user.client_key_pem)) {
    return invalid("client-key-data: no PEM private key");
  }
  if (user.exec) {
    const Result<void> checked = check_exec(*user.exec);
    if (!checked.ok()) return checked;
  }
  return check_impersonation(user.impersonate);
}

void apply_user(const KubeconfigUser& user, ClusterConfig& into) {
  into.token = user.token;
  into.token_file = user.token_file;
  into.username = user.username;
  into.password = user.password;
  into.exec = user.exec;
  into.impersonate = user.impersonate;
  // A key without its certificate identifies nobody.
  if (!given(user.client_cert_file, user.client_cert_pem)) return;
  into.client_cert_file = user.client_cert_file;
  into.client_cert_pem = user.client_cert_pem;
  into.client_key_file = user.client_key_file;
  into.client_key_pem = user.client_key_pem;
}

}  // namespace

Result<ClusterConfig> resolve_context(const Kubeconfig& config, const std::string& context) {
  const std::string& name = context.empty() ? config.current_context : context;
  if (name.empty()) return invalid("no current-context");
  const auto chosen = config.contexts.find(name);
  if (chosen == config.contexts.end()) return invalid("no context " + quoted(name));
  const auto cluster = config.clusters.find(chosen->second.cluster);
  if (cluster == config.clusters.end()) {
    return invalid("context " + quoted(name) + ": no cluster " + quoted(chosen->second.cluster));
  }
  static const KubeconfigUser anonymous;
  const auto found = config.users.find(chosen->second.user);
  if (found == config.users.end() && !chosen->second.user.empty()) {
    return invalid("context " + quoted(name) + ": no user " + quoted(chosen->second.user));
  }
  const KubeconfigUser& user = found == config.users.end() ? anonymous : found->second;

  const Result<void> checked = check_user(user);
  if (!checked.ok()) {
    return invalid("user " + quoted(chosen->second.user) + ": " + checked.error().message);
  }
  ClusterConfig resolved;
  const Result<void> applied = apply_cluster(cluster->second, resolved);
  if (!applied.ok()) {
    return invalid("cluster " + quoted(cluster->first) + ": " + applied.error().message);
  }
  apply_user(user, resolved);
  if (resolved.exec) resolved.exec->cluster_extension_json = cluster->second.exec_extension_json;
  if (!chosen->second.default_namespace.empty()) {
    resolved.default_namespace = chosen->second.default_namespace;
  }
  return resolved;
}

}  // namespace lookout::kube
