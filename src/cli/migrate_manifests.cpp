#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "lookout/encoding/yaml.hpp"

#include "src/cli/migrate_input.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Kind = Yaml::Kind;

struct FieldName {
  std::string_view field;
  std::string_view value;  // of the charts; "" = what the API server adds, no one's choice
};

constexpr FieldName kPodFields[] = {
    {"nodeSelector", "nodeSelector"},
    {"tolerations", "tolerations"},
    {"affinity", "affinity"},
    {"priorityClassName", "priorityClassName"},
    {"imagePullSecrets", "imagePullSecrets"},
    {"securityContext", "podSecurityContext"},
    {"containers", ""},
    {"serviceAccountName", ""},
    {"serviceAccount", ""},
    {"restartPolicy", ""},
    {"dnsPolicy", ""},
    {"schedulerName", ""},
    {"terminationGracePeriodSeconds", ""},
    {"enableServiceLinks", ""},
    {"preemptionPolicy", ""},
};

constexpr FieldName kContainerFields[] = {
    {"resources", "resources"},
    {"securityContext", "securityContext"},
    {"livenessProbe", "livenessProbe"},
    {"readinessProbe", "readinessProbe"},
    {"startupProbe", "startupProbe"},
    {"name", ""},
    {"image", ""},
    {"command", ""},
    {"args", ""},
    {"env", ""},
    {"ports", ""},
    {"imagePullPolicy", ""},
    {"terminationMessagePath", ""},
    {"terminationMessagePolicy", ""},
};

// Under their chart's names, the rest under `elsewhere`.
template <std::size_t N>
void read_fields(const Yaml& from, const FieldName (&names)[N], std::string_view elsewhere,
                 Yaml& out) {
  for (const auto& [key, value] : from.members) {
    const auto* known = std::find_if(std::begin(names), std::end(names),
                                     [&key = key](const auto& name) { return name.field == key; });
    if (known == std::end(names)) {
      make_member(make_member(out, elsewhere), key) = value;
    } else if (!known->value.empty()) {
      make_member(out, known->value) = value;
    }
  }
}

// What tools put there for themselves.
bool is_generated(std::string_view annotation) {
  constexpr std::array<std::string_view, 6> prefixes = {
      "kubectl.kubernetes.io/", "checksum/",          "deployment.kubernetes.io/",
      "meta.helm.sh/",          "app.kubernetes.io/", "helm.sh/"};
  return annotation == "control-plane" ||
         std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return annotation.starts_with(prefix); });
}

Yaml chosen_pairs(const Yaml* pairs) {
  Yaml out = pairs == nullptr ? Yaml() : *pairs;
  std::erase_if(out.members, [](const auto& pair) { return is_generated(pair.first); });
  return out;
}

bool is_auth_proxy(const Yaml& container) {
  return scalar_of(container.find("image")).find("kube-rbac-proxy") != std::string::npos;
}

void read_container(const Yaml& container, Yaml& out) {
  make_path(out, "image.repository") = yaml_text(scalar_of(container.find("image")));
  std::vector<std::string> words;
  for (const std::string_view list : {"command", "args"}) {
    const Yaml* found = container.find(list);
    if (found == nullptr) continue;
    for (const Yaml& word : found->items) words.push_back(scalar_of(&word));
  }
  merge_into(make_member(out, "args"), read_arguments(words));
  if (const Yaml* env = container.find("env")) {
    merge_into(make_member(out, "env"), read_env_list(*env));
  }
  read_fields(container, kContainerFields, "container", out);
}

void read_pod(const Yaml& pod, Yaml& out) {
  if (const Yaml* annotations = find_path(pod, "metadata.annotations")) {
    make_member(out, "podAnnotations") = chosen_pairs(annotations);
  }
  const Yaml* spec = pod.find("spec");
  if (spec == nullptr) return;
  read_fields(*spec, kPodFields, "pod", out);
  const Yaml* containers = spec->find("containers");
  if (containers == nullptr) return;
  const auto main =
      std::find_if_not(containers->items.begin(), containers->items.end(), is_auth_proxy);
  for (auto at = containers->items.begin(); at != containers->items.end(); ++at) {
    if (at == main) {
      read_container(*at, out);
    } else {
      const std::string name = is_auth_proxy(*at) ? "kube-rbac-proxy" : scalar_of(at->find("name"));
      make_member(make_member(out, "sidecars"), name) = yaml_plain("true");
    }
  }
}

void read_workload(const Yaml& object, Yaml& out) {
  const Yaml* replicas = find_path(object, "spec.replicas");
  if (replicas != nullptr) make_member(out, "replicaCount") = *replicas;
  if (const Yaml* pod = find_path(object, "spec.template")) read_pod(*pod, out);
}

void read_service_monitor(const Yaml& object, Yaml& out) {
  Yaml& monitor = make_member(out, "serviceMonitor");
  make_member(monitor, "enabled") = yaml_plain("true");
  const Yaml labels = chosen_pairs(find_path(object, "metadata.labels"));
  if (!is_empty(labels)) make_member(monitor, "additionalLabels") = labels;
  const Yaml* endpoints = find_path(object, "spec.endpoints");
  if (endpoints == nullptr || endpoints->items.empty()) return;
  for (const std::string_view key :
       {"interval", "scrapeTimeout", "relabelings", "metricRelabelings"}) {
    const Yaml* found = endpoints->items.front().find(key);
    if (found != nullptr) make_member(monitor, key) = *found;
  }
}

void read_service(const Yaml& object, Yaml& out) {
  if (const Yaml* type = find_path(object, "spec.type")) make_path(out, "service.type") = *type;
  const Yaml annotations = chosen_pairs(find_path(object, "metadata.annotations"));
  if (!is_empty(annotations)) make_path(out, "service.annotations") = annotations;
}

void read_service_account(const Yaml& object, Yaml& out) {
  const Yaml annotations = chosen_pairs(find_path(object, "metadata.annotations"));
  if (!is_empty(annotations)) make_path(out, "serviceAccount.annotations") = annotations;
}

// Files in it are settings, other entries variables.
void read_config_map(const Yaml& object, Yaml& out) {
  const Yaml* entries = object.find("data");
  if (entries == nullptr) return;
  for (const auto& [key, value] : entries->members) {
    if (!key.ends_with(".yaml") && !key.ends_with(".yml")) {
      make_member(make_member(out, "env"), key) = value;
      continue;
    }
    auto document = encoding::parse_yaml(scalar_of(&value));
    if (!document || document->kind != Kind::kMapping) continue;
    if (const auto read = read_migration_document(std::move(*document))) merge_into(out, *read);
  }
}

void read_object(const Yaml& object, Yaml& out) {
  const std::string kind = scalar_of(object.find("kind"));
  const std::string name = scalar_of(find_path(object, "metadata.name"));
  if (const Yaml* items = object.find("items")) {
    for (const Yaml& item : items->items) read_object(item, out);
  } else if (kind == "Deployment" || kind == "StatefulSet" || kind == "DaemonSet") {
    read_workload(object, out);
  } else if (kind == "Pod") {
    read_pod(object, out);
  } else if (kind == "ServiceMonitor") {
    read_service_monitor(object, out);
  } else if (kind == "Service") {
    read_service(object, out);
  } else if (kind == "ServiceAccount") {
    read_service_account(object, out);
  } else if (kind == "ConfigMap") {
    read_config_map(object, out);
  } else {
    make_member(make_member(out, "objects"), kind + "/" + name) = yaml_plain("true");
  }
}

}  // namespace

Yaml read_manifests(const std::vector<Yaml>& objects) {
  Yaml out;
  out.kind = Kind::kMapping;
  for (const Yaml& object : objects) read_object(object, out);
  return out;
}

}  // namespace lookout::cli
