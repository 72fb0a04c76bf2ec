#include <filesystem>
#include <utility>

#include "lookout/base/text.hpp"
#include "src/kube/kubeconfig.hpp"
#include "src/kube/yaml_fields.hpp"

namespace lookout::kube {
namespace {

using encoding::Yaml;

constexpr const char* kExecExtension = "client.authentication.k8s.io/exec";

struct Origin {
  std::string path;
  std::filesystem::path folder;

  void resolve(std::string& file) const {
    if (!file.empty()) file = (folder / file).lexically_normal().string();
  }
};

Result<void> read_extensions(YamlFields& fields, KubeconfigCluster& cluster) {
  const Yaml* extensions = fields.sequence("extensions");
  if (extensions == nullptr) return {};
  for (const Yaml& entry : extensions->items) {
    std::string name;
    YamlFields extension(entry, fields.where("extensions"));
    const Result<void> read = extension.text("name", name).result();
    if (!read.ok()) return read;
    const Yaml* value = entry.find("extension");
    if (name == kExecExtension && value != nullptr) {
      cluster.exec_extension_json = json_from_yaml(*value);
    }
  }
  return {};
}

Result<void> read_entry(const Yaml& node, const std::string& where, const Origin& origin,
                        KubeconfigCluster& cluster) {
  YamlFields fields(node, where);
  fields.text("server", cluster.server)
      .text("certificate-authority", cluster.ca_file)
      .base64("certificate-authority-data", cluster.ca_pem)
      .text("tls-server-name", cluster.tls_server_name)
      .text("proxy-url", cluster.proxy_url)
      .flag("insecure-skip-tls-verify", cluster.insecure_skip_tls_verify);
  const Result<void> extensions = read_extensions(fields, cluster);
  if (!extensions.ok()) return extensions;
  origin.resolve(cluster.ca_file);
  return fields.result();
}

Result<void> read_exec(const Yaml& node, const std::string& where, const Origin& origin,
                       ExecPlugin& plugin) {
  YamlFields fields(node, where);
  fields.text("apiVersion", plugin.api_version)
      .text("command", plugin.command)
      .texts("args", plugin.args)
      .text("interactiveMode", plugin.interactive_mode)
      .flag("provideClusterInfo", plugin.provide_cluster_info)
      .text("installHint", plugin.install_hint);
  const Yaml* variables = fields.sequence("env");
  for (std::size_t i = 0; variables != nullptr && i < variables->items.size(); ++i) {
    auto& [name, value] = plugin.env.emplace_back();
    YamlFields variable(variables->items[i], where + ".env");
    const Result<void> read = variable.text("name", name).text("value", value).result();
    if (!read.ok()) return read;
  }
  // Without a slash it is looked up in PATH.
  if (plugin.command.find('/') != std::string::npos) origin.resolve(plugin.command);
  if (plugin.interactive_mode.empty() &&
      plugin.api_version == "client.authentication.k8s.io/v1beta1") {
    plugin.interactive_mode = "IfAvailable";
  }
  return fields.result();
}

Result<void> read_impersonation(YamlFields& fields, Impersonation& as) {
  fields.text("as", as.user).text("as-uid", as.uid).texts("as-groups", as.groups);
  const Yaml* extra = fields.mapping("as-user-extra");
  if (extra == nullptr) return {};
  YamlFields values(*extra, fields.where("as-user-extra"));
  for (const auto& member : extra->members) {
    auto& [key, texts] = as.extra.emplace_back(member.first, std::vector<std::string>());
    values.texts(key, texts);
  }
  return values.result();
}

Result<void> read_entry(const Yaml& node, const std::string& where, const Origin& origin,
                        KubeconfigUser& user) {
  YamlFields fields(node, where);
  fields.text("client-certificate", user.client_cert_file)
      .base64("client-certificate-data", user.client_cert_pem)
      .text("client-key", user.client_key_file)
      .base64("client-key-data", user.client_key_pem)
      .text("token", user.token)
      .text("tokenFile", user.token_file)
      .text("username", user.username)
      .text("password", user.password);
  for (std::string* file : {&user.client_cert_file, &user.client_key_file, &user.token_file}) {
    origin.resolve(*file);
  }
  Result<void> read = read_impersonation(fields, user.impersonate);
  if (!read.ok()) return read;
  if (const Yaml* exec = fields.mapping("exec")) {
    read = read_exec(*exec, where + ".exec", origin, user.exec.emplace());
    if (!read.ok()) return read;
  }
  if (const Yaml* provider = fields.mapping("auth-provider")) {
    user.auth_provider = "unnamed";
    YamlFields named(*provider, where + ".auth-provider");
    read = named.text("name", user.auth_provider).result();
    if (!read.ok()) return read;
  }
  return fields.result();
}

Result<void> read_entry(const Yaml& node, const std::string& where, const Origin&,
                        KubeconfigContext& context) {
  return YamlFields(node, where)
      .text("cluster", context.cluster)
      .text("user", context.user)
      .text("namespace", context.default_namespace)
      .result();
}

struct ListNames {
  const char* list;   // "clusters"
  const char* entry;  // "cluster"
};

template <class Entry>
Result<void> read_list(YamlFields& root, const Origin& origin, const ListNames& names,
                       std::map<std::string, Entry>& into) {
  const Yaml* list = root.sequence(names.list);
  if (list == nullptr) return root.result();
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const std::string where = root.where(names.list) + "[" + std::to_string(i) + "]";
    std::string name;
    YamlFields named(list->items[i], where);
    named.text("name", name);
    const Yaml* node = named.mapping(names.entry);
    const Result<void> shape = named.result();
    if (!shape.ok()) return shape;
    const auto [entry, first] = into.try_emplace(name);
    if (!first) {
      return Error{ErrorCode::kInvalid, where + ": name " + quote_bounded(name) + " again"};
    }
    if (node == nullptr) continue;
    const Result<void> read = read_entry(*node, where + "." + names.entry, origin, entry->second);
    if (!read.ok()) return read;
  }
  return {};
}

Result<void> check_kind(YamlFields& root) {
  std::string api_version = "v1";
  std::string kind = "Config";
  root.text("apiVersion", api_version).text("kind", kind);
  if (api_version != "v1") root.fail("apiVersion", "v1 is expected");
  if (kind != "Config") root.fail("kind", "Config is expected");
  return root.result();
}

}  // namespace

Result<Kubeconfig> parse_kubeconfig(std::string_view text, const std::string& path) {
  const Result<Yaml> document = encoding::parse_yaml(text);
  if (!document.ok()) {
    return Error{ErrorCode::kInvalid, path + ": " + document.error().message};
  }
  const Origin origin{path, std::filesystem::absolute(path).parent_path()};
  YamlFields root(*document, path + ":");
  Kubeconfig config;
  root.text("current-context", config.current_context);
  for (const Result<void>& read :
       {check_kind(root), read_list(root, origin, {"clusters", "cluster"}, config.clusters),
        read_list(root, origin, {"users", "user"}, config.users),
        read_list(root, origin, {"contexts", "context"}, config.contexts)}) {
    if (!read.ok()) return read.error();
  }
  return config;
}

void merge_kubeconfig(Kubeconfig& into, Kubeconfig from) {
  if (into.current_context.empty()) into.current_context = std::move(from.current_context);
  into.clusters.merge(from.clusters);
  into.users.merge(from.users);
  into.contexts.merge(from.contexts);
}

}  // namespace lookout::kube
