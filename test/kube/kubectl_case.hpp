// The cases of test/testdata/kubeconfig, each with what kubectl 1.36 says of it (record.py).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lookout/encoding/yaml.hpp"
#include "lookout/kube/cluster_config.hpp"

namespace lookout::kube {

struct KubectlCase {
  std::string name;
  std::vector<std::string> files;
  std::string context;
  // kubectl config view --raw --minify --flatten; null where it refuses.
  encoding::Yaml view;
  // The request kubectl sends; nullopt where it sends none.
  struct Wire {
    std::string path;
    std::vector<std::pair<std::string, std::string>> headers;  // sorted, names in lower case

    bool operator==(const Wire&) const = default;
  };
  std::optional<Wire> wire;

  // KUBECONFIG with absolute paths.
  Environment environment() const;
};

std::string kubeconfig_folder();
std::vector<KubectlCase> kubectl_cases();

}  // namespace lookout::kube
