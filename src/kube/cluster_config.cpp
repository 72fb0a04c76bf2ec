#include "lookout/kube/cluster_config.hpp"

#include <algorithm>
#include <utility>

#include "lookout/base/log.hpp"
#include "lookout/base/text.hpp"
#include "lookout/system/files.hpp"
#include "src/kube/in_cluster.hpp"
#include "src/kube/kubeconfig.hpp"

namespace lookout::kube {
namespace {

Error invalid(const std::string& what) { return {ErrorCode::kInvalid, what}; }

std::string variable(const Environment& environment, const char* name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

Result<Kubeconfig> read_kubeconfig(const std::string& path) {
  const Result<std::string> text = system::read_file(path);
  if (!text.ok()) return text.error();
  return parse_kubeconfig(*text, path);
}

// The paths of KUBECONFIG: each once, empty ones skipped.
std::vector<std::string> listed_paths(std::string_view list) {
  std::vector<std::string> paths;
  for (const std::string_view path : split(list, ':')) {
    if (path.empty() || std::find(paths.begin(), paths.end(), path) != paths.end()) continue;
    paths.emplace_back(path);
  }
  return paths;
}

// Missing files are skipped; with all of them missing the result is empty.
Result<Kubeconfig> read_listed(const std::vector<std::string>& paths) {
  Kubeconfig merged;
  for (const std::string& path : paths) {
    Result<Kubeconfig> one = read_kubeconfig(path);
    if (one.ok()) {
      merge_kubeconfig(merged, std::move(one).value());
    } else if (one.error().code == ErrorCode::kNotFound) {
      log::warn("file of KUBECONFIG is missing", {{"path", path}});
    } else {
      return invalid(one.error().message);
    }
  }
  return merged;
}

// `source` is what the user wrote: a path, or the list of KUBECONFIG.
Result<ClusterConfig> from_kubeconfig(const Kubeconfig& kubeconfig, const std::string& source,
                                      const ClusterSelection& selection) {
  Result<ClusterConfig> config = resolve_context(kubeconfig, selection.context);
  if (!config.ok()) return invalid("kubeconfig " + source + ": " + config.error().message);
  config->description =
      "kubeconfig " + source + ", context " +
      (selection.context.empty() ? kubeconfig.current_context : selection.context);
  return config;
}

Result<ClusterConfig> from_path(const std::string& path, const ClusterSelection& selection) {
  const Result<Kubeconfig> kubeconfig = read_kubeconfig(path);
  if (!kubeconfig.ok()) return invalid("kubeconfig: " + kubeconfig.error().message);
  return from_kubeconfig(*kubeconfig, path, selection);
}

}  // namespace

Result<ClusterConfig> load_cluster_config_with(const ClusterSelection& selection,
                                               const Environment& environment,
                                               const std::string& folder) {
  if (!selection.kubeconfig.empty()) return from_path(selection.kubeconfig, selection);

  const std::string listed = variable(environment, "KUBECONFIG");
  if (!listed.empty()) {
    const Result<Kubeconfig> kubeconfig = read_listed(listed_paths(listed));
    if (!kubeconfig.ok()) return kubeconfig.error();
    if (!kubeconfig->empty()) return from_kubeconfig(*kubeconfig, listed, selection);
  }
  // A context is looked for in kubeconfigs only.
  std::string missing = "no cluster: no --kubeconfig, KUBECONFIG or service account";
  if (selection.context.empty() && runs_in_cluster(environment)) {
    Result<ClusterConfig> config = in_cluster_config(environment, folder);
    if (config.ok()) return config;
    missing = config.error().message;
  }
  const std::string home = variable(environment, "HOME");
  const std::string path = home + "/.kube/config";
  // As kubectl: a KUBECONFIG that is set replaces the file at home.
  if (!home.empty() && listed.empty()) {
    const Result<std::string> there = system::read_file(path);
    if (there.ok() || there.error().code != ErrorCode::kNotFound) {
      return from_path(path, selection);
    }
  }
  if (!listed.empty()) missing += "; KUBECONFIG " + quote_bounded(listed, 256) + " holds nothing";
  return invalid(missing);
}

Result<ClusterConfig> load_cluster_config(const ClusterSelection& selection,
                                          const Environment& environment) {
  return load_cluster_config_with(selection, environment, kServiceAccountFolder);
}

}  // namespace lookout::kube
