// sstarcher/helm-exporter: its chart's values, its config.yaml, its flags (which the environment
// may give too, in capitals). Names and defaults: helm/values.yaml, main.go, registries/charts.go.

#include <algorithm>
#include <string>

#include "lookout/base/text.hpp"

#include "src/cli/migrate_repository.hpp"
#include "src/cli/migrate_rules.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Note = MigrationNote::Kind;

constexpr std::string_view kMetricOff =
    "a metric cannot be switched off; drop it with serviceMonitor.metricRelabelings";

struct Switch {
  std::string_view value;
  std::string_view flag;
  std::string_view variable;
  std::string_view usual;
  std::string_view note;
};
constexpr Switch kSwitches[] = {
    {"infoMetric", "args.info-metric", "env.INFO_METRIC", "true", kMetricOff},
    {"timestampMetric", "args.timestamp-metric", "env.TIMESTAMP_METRIC", "true", kMetricOff},
    {"outdatedMetric", "args.outdated-metric", "env.OUTDATED_METRIC", "true", kMetricOff},
    {"latestChartVersion", "args.latest-chart-version", "env.LATEST_CHART_VERSION", "true",
     "only the repositories that you list are asked"},
    {"historyMetric", "args.history-metric", "env.HISTORY_METRIC", "false",
     "old revisions have no series; helm_release_revisions counts them"},
    {"statusInMetric", "args.status-in-metric", "env.STATUS_IN_METRIC", "false",
     "the status is the label of helm_release_status, always"},
    {"intervalDuration", "args.interval-duration", "env.INTERVAL_DURATION", "0",
     "releases are watched, so that every scrape is current"},
};

void migrate_switches(MigrationInput& input, MigrationDraft& draft) {
  for (const Switch& option : kSwitches) {
    const GivenText given = take_first(input, {option.value, option.flag, option.variable});
    if (given.text.empty() || given.text == option.usual) continue;
    draft.note(Note::kDiffers, given.where, option.note);
  }
}

// logrus' levels.
void migrate_log_level(MigrationInput& input, MigrationDraft& draft) {
  const GivenText given = take_first(input, {"logLevel", "args.log-level", "env.LOG_LEVEL"});
  const std::string level = to_lower(given.text);
  if (level.empty()) return;
  const bool debug = level == "debug" || level == "trace";
  const bool warn = level == "warn" || level == "warning";
  const bool error = level == "error" || level == "fatal" || level == "panic";
  if (!debug && !warn && !error && level != "info") {
    draft.note(Note::kToDo, given.where,
               "is no level: settings.logLevel has debug, info, warn, error");
    return;
  }
  draft.put("settings.logLevel", yaml_text(debug   ? "debug"
                                           : warn  ? "warn"
                                           : error ? "error"
                                                   : "info"));
}

// --- namespaces ---

bool is_namespace(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void migrate_namespaces(const GivenText& given, std::string_view to, MigrationDraft& draft) {
  if (given.text.empty()) return;
  for (const std::string_view part : split(given.text, ',')) {
    const std::string_view name = trim(part);
    if (is_namespace(name)) {
      draft.append(to, yaml_text(std::string(name)));
    } else if (!name.empty()) {
      draft.note(Note::kToDo, given.where,
                 "regular expressions are not understood here: list the namespaces that " +
                     quote_bounded(name) + " matches");
    }
  }
}

// --- repositories ---

// Without the characters of a regular expression it is a chart's name.
bool is_chart_name(std::string_view text) {
  return !text.empty() && text.find_first_of("^$*+?()[]{}|\\") == std::string_view::npos;
}

void migrate_secret(const Yaml& reference, const std::string& where, Yaml& item,
                    MigrationDraft& draft) {
  note_unknown_keys(reference, {"name", "userKey", "passKey"}, where, draft);
  draft.note(Note::kToDo, where, "the Secret has to be in helm-lookout's namespace");
  make_member(item, "existingSecret") = yaml_text(scalar_of(reference.find("name")));
  make_path(item, "secretKeys.username") = yaml_text(scalar_of(reference.find("userKey")));
  make_path(item, "secretKeys.password") = yaml_text(scalar_of(reference.find("passKey")));
}

// Of a repository that is there already, with a Secret or without one.
void migrate_further_secret(const Yaml* reference, const std::string& where, Yaml& item,
                            MigrationDraft& draft) {
  if (reference == nullptr || reference->is_null()) return;
  if (item.find("existingSecret") == nullptr) {
    migrate_secret(*reference, where, item, draft);
    return;
  }
  const bool same =
      scalar_of(item.find("existingSecret")) == scalar_of(reference->find("name")) &&
      scalar_of(find_path(item, "secretKeys.username")) == scalar_of(reference->find("userKey")) &&
      scalar_of(find_path(item, "secretKeys.password")) == scalar_of(reference->find("passKey"));
  if (same) return;
  draft.note(Note::kToDo, where,
             "is left out: repository " + quote_bounded(scalar_of(item.find("name"))) +
                 " has this URL and another Secret already");
}

// Its name; "" when there are too many.
std::string add_repository(const Yaml& registry, const std::string& where, const Yaml& charts,
                           MigrationDraft& draft) {
  const std::string url = scalar_of(registry.find("url"));
  const bool oci = url.starts_with("oci://");
  if (Yaml* known = oci ? nullptr : known_repository(url, draft)) {
    note_bare_url(url, where + ".url", draft);
    migrate_further_secret(registry.find("secretRef"), where + ".secretRef", *known, draft);
    return scalar_of(known->find("name"));
  }
  if (is_full(where, draft)) return "";
  std::string name = repository_name(url, draft);
  Yaml item = repository_item(name, url, where + ".url", draft);
  const Yaml* reference = registry.find("secretRef");
  if (reference != nullptr && !reference->is_null()) {
    migrate_secret(*reference, where + ".secretRef", item, draft);
  }
  if (oci) {
    std::vector<Yaml> names = charts.items;
    std::erase_if(names, [](const Yaml& chart) { return !is_chart_name(scalar_of(&chart)); });
    make_member(item, "charts") = yaml_list(std::move(names));
    draft.note(Note::kDiffers, where,
               "a registry that wants a login needs existingSecret here, not HELM_REGISTRY_CONFIG");
  }
  draft.append("repositories", std::move(item));
  return name;
}

// The chart of that name belongs to this repository alone, as there.
void add_pins(const Yaml& charts, const std::string& repository, const std::string& where,
              MigrationDraft& draft) {
  for (const Yaml& chart : charts.items) {
    const std::string name = scalar_of(&chart);
    if (is_chart_name(name)) {
      draft.append("pins", yaml_mapping({{"chart", yaml_text(name)},
                                         {"repository", yaml_text(repository)}}));
    } else {
      draft.note(Note::kToDo, where,
                 "regular expressions are not understood here: pin the charts that " +
                     quote_bounded(name) + " matches");
    }
  }
}

void migrate_override(const Yaml& given, const std::string& where, MigrationDraft& draft) {
  const Yaml none;
  const Yaml* registry = given.find("registry");
  const Yaml* charts = given.find("charts");
  if (registry == nullptr || scalar_of(registry->find("url")).empty()) return;
  note_unknown_keys(given, {"registry", "charts", "allowAllReleases"}, where, draft);
  note_unknown_keys(*registry, {"url", "secretRef"}, where + ".registry", draft);
  if (scalar_of(given.find("allowAllReleases")) == "true") {
    draft.note(Note::kDiffers, where + ".allowAllReleases",
               "prereleases count only for a release that runs one");
  }
  const std::string name =
      add_repository(*registry, where + ".registry", charts == nullptr ? none : *charts, draft);
  if (name.empty()) return;
  add_pins(charts == nullptr ? none : *charts, name, where + ".charts", draft);
}

constexpr MigrationRule kRegistryRules[] = {
    {"config.helmRegistries.registryNames", "",
     "Artifact Hub is not asked: list the repositories themselves", "", Note::kToDo},
    {"config.helmRegistries.overrideChartNames", "",
     "charts are looked up by their own name; a fork under another name has no equivalent"},
};

void migrate_registries(MigrationInput& input, MigrationDraft& draft) {
  constexpr std::string_view kPath = "config.helmRegistries.override";
  const bool file_elsewhere =
      !input.take_text("args.config").empty() && !input.has("config.helmRegistries");
  if (file_elsewhere) {
    draft.note(Note::kToDo, "args.config",
               "names a file with repositories: give migrate-values its ConfigMap as well");
  }
  const Yaml* list = input.take(kPath);
  for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
    migrate_override(list->items[i], "override[" + std::to_string(i) + "]", draft);
  }
  apply_rules(kRegistryRules, input, draft);
  if (draft.values.find("repositories") == nullptr) {
    draft.note(Note::kToDo, "repositories",
               "none is named: without them nothing is known to be outdated (Artifact Hub is not "
               "asked)");
  }
}

constexpr MigrationRule kDashboardRules[] = {
    {"grafanaDashboard.enabled", "dashboards.enabled"},
    {"grafanaDashboard.namespace", "dashboards.namespace"},
    {"grafanaDashboard.dashboardAnnotations", "dashboards.annotations"},
};

}  // namespace

void migrate_helm_exporter(MigrationInput& input, MigrationDraft& draft) {
  migrate_namespaces(take_first(input, {"namespaces", "args.namespaces", "env.NAMESPACES"}),
                     "settings.namespaces", draft);
  migrate_namespaces(
      take_first(input, {"namespacesIgnore", "args.namespaces-ignore", "env.NAMESPACES_IGNORE"}),
      "settings.namespacesIgnore", draft);
  migrate_log_level(input, draft);
  migrate_registries(input, draft);
  migrate_switches(input, draft);
  apply_rules(kDashboardRules, input, draft);
  draft.note(Note::kDiffers, "helm_chart_*",
             "have other names here: docs/migration.md has them all");
}

}  // namespace lookout::cli
