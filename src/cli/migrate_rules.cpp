#include "src/cli/migrate_rules.hpp"

#include <string>

#include "src/cli/migrate_repository.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Note = MigrationNote::Kind;

constexpr std::string_view kBothRun = "not taken over, so that both programs can run side by side";
constexpr std::string_view kOwnProbes = "the chart has its own, on /livez and /readyz";
constexpr std::string_view kOwnContext =
    "the chart's own meets Pod Security \"restricted\"; copy only what your cluster asks for";

constexpr MigrationRule kDeploymentRules[] = {
    {"image.repository", "", "helm-lookout has its own image; for a mirror set image.registry"},
    {"image.tag"},
    {"image.pullPolicy", "image.pullPolicy"},
    {"imagePullSecrets", "image.pullSecrets"},
    {"nameOverride", "", kBothRun},
    {"fullnameOverride", "", kBothRun},
    {"commonLabels", "commonLabels"},
    {"annotations", "commonAnnotations"},
    {"replicaCount", "", "one copy is enough; more would serve every series again (see replicas)",
     "1"},
    {"podLabels", "podLabels"},
    {"nodeSelector", "nodeSelector"},
    {"tolerations", "tolerations"},
    {"affinity", "affinity"},
    {"priorityClassName", "priorityClassName"},
    {"resources", "resources",
     "meant for another program; `helm-lookout plan` says what yours needs"},
    {"podSecurityContext", "", kOwnContext},
    {"securityContext", "", kOwnContext},
    {"livenessProbe", "", kOwnProbes},
    {"readinessProbe", "", kOwnProbes},
    {"startupProbe", "", kOwnProbes},
    {"rbac.create", "rbac.create", "", "true"},
    {"serviceAccount.create", "serviceAccount.create", "", "true"},
    {"serviceAccount.annotations", "serviceAccount.annotations"},
    {"service.type", "service.type", "", "ClusterIP"},
    {"service.port", "",
     "the Service's port is 9104; set service.port where scrape configs name it"},
    {"serviceMonitor.enabled", "serviceMonitor.enabled"},
    {"serviceMonitor.create", "serviceMonitor.enabled"},
    {"serviceMonitor.namespace", "serviceMonitor.namespace"},
    {"serviceMonitor.additionalLabels", "serviceMonitor.labels"},
    {"serviceMonitor.interval", "serviceMonitor.interval"},
    {"serviceMonitor.scrapeTimeout", "serviceMonitor.scrapeTimeout"},
    {"serviceMonitor.relabelings", "serviceMonitor.relabelings"},
    {"serviceMonitor.metricRelabelings", "serviceMonitor.metricRelabelings",
     "written for other metrics: compare the names in docs/migration.md", "", Note::kToDo},
};

// Without prometheus.io/*, which our chart sets itself.
void migrate_annotations(std::string_view path, std::string_view target, MigrationInput& input,
                         MigrationDraft& draft) {
  const Yaml* given = input.take(path);
  if (given == nullptr) return;
  Yaml kept = *given;
  const auto scraped = std::erase_if(
      kept.members, [](const auto& member) { return member.first.starts_with("prometheus.io/"); });
  draft.put(path, std::move(kept));
  if (scraped > 0 && target == "pod") draft.put("prometheusAnnotations.target", yaml_text("pod"));
  if (scraped > 0) {
    draft.note(Note::kDiffers, path, "prometheus.io/* are set by prometheusAnnotations");
  }
}

void migrate_account_name(MigrationInput& input, MigrationDraft& draft) {
  const bool own = scalar_of(find_path(input.root(), "serviceAccount.create")) != "false";
  const std::string name = input.take_text("serviceAccount.name");
  if (name.empty()) return;
  if (own) draft.note(Note::kDiffers, "serviceAccount.name", kBothRun);
  if (!own) draft.put("serviceAccount.name", yaml_text(name));
}

// A host as a text, or {host, paths}; paths as texts become {path, pathType}.
void migrate_host(const Yaml& given, const std::string& where, MigrationDraft& draft) {
  const bool text = given.kind == Yaml::Kind::kScalar;
  const std::string host = scalar_of(text ? &given : given.find("host"));
  note_unknown_keys(given, {"host", "paths"}, where, draft);
  if (host.empty()) {
    draft.note(Note::kToDo, where, "has no host: it is left out");
    return;
  }
  Yaml item = yaml_mapping({{"host", yaml_text(host)}});
  if (const Yaml* paths = given.find("paths"); paths != nullptr && !is_empty(*paths)) {
    std::vector<Yaml> list;
    for (const Yaml& path : paths->items) {
      list.push_back(path.kind == Yaml::Kind::kScalar
                         ? yaml_mapping({{"path", path}, {"pathType", yaml_text("Prefix")}})
                         : path);
    }
    if (list.empty()) draft.note(Note::kNotUnderstood, where + ".paths", "");
    if (!list.empty()) make_member(item, "paths") = yaml_list(std::move(list));
  }
  draft.append("ingress.hosts", std::move(item));
}

void migrate_hosts(const Yaml& hosts, MigrationDraft& draft) {
  constexpr const char* kPath = "ingress.hosts";
  if (hosts.kind != Yaml::Kind::kSequence) draft.note(Note::kNotUnderstood, kPath, "");
  for (std::size_t i = 0; i < hosts.items.size(); ++i) {
    migrate_host(hosts.items[i], kPath + ("[" + std::to_string(i) + "]"), draft);
  }
}

void migrate_ingress(MigrationInput& input, MigrationDraft& draft) {
  const bool enabled = scalar_of(input.take("ingress.enabled")) == "true";
  const Yaml* annotations = input.take("ingress.annotations");
  const Yaml* hosts = input.take("ingress.hosts");
  const Yaml* tls = input.take("ingress.tls");
  if (!enabled) return;
  draft.put("ingress.enabled", yaml_plain("true"));
  if (annotations != nullptr) draft.put("ingress.annotations", *annotations);
  if (tls != nullptr) draft.put("ingress.tls", *tls);
  if (hosts != nullptr) migrate_hosts(*hosts, draft);
  draft.note(Note::kDiffers, "ingress", "shows the pages too, not only metrics");
}

void note_objects(MigrationInput& input, MigrationDraft& draft) {
  const Yaml* objects = input.take("objects");
  if (objects == nullptr) return;
  std::size_t made_by_chart = 0;
  for (const auto& [name, unused] : objects->members) {
    const std::string kind = name.substr(0, name.find('/'));
    if (kind == "Secret") {
      draft.note(Note::kToDo, name, "not read; keep it if an existingSecret below names it");
    } else if (kind == "Namespace" || kind.ends_with("Role") || kind.ends_with("RoleBinding")) {
      ++made_by_chart;
    } else {
      draft.note(Note::kNotUnderstood, name, "");
    }
  }
  if (made_by_chart > 0) {
    draft.note(Note::kDiffers, "RBAC",
               "the chart makes its own roles: get, list and watch on Secrets, nothing else");
  }
}

}  // namespace

void apply_rules(std::span<const MigrationRule> rules, MigrationInput& input,
                 MigrationDraft& draft) {
  for (const MigrationRule& rule : rules) {
    const Yaml* value = input.take(rule.from);
    if (value == nullptr || (!rule.usual.empty() && scalar_of(value) == rule.usual)) continue;
    if (!rule.to.empty()) draft.put(rule.to, *value);
    if (!rule.note.empty()) draft.note(rule.kind, rule.from, rule.note);
  }
}

void migrate_deployment(MigrationInput& input, MigrationDraft& draft) {
  migrate_account_name(input, draft);
  apply_rules(kDeploymentRules, input, draft);
  migrate_annotations("podAnnotations", "pod", input, draft);
  migrate_annotations("service.annotations", "service", input, draft);
  migrate_ingress(input, draft);
  note_objects(input, draft);
}

}  // namespace lookout::cli
