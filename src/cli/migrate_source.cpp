#include "src/cli/migrate_source.hpp"

#include <algorithm>

#include "src/cli/migrate_input.hpp"
#include "src/cli/migrate_rules.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Note = MigrationNote::Kind;

struct SourceRow {
  MigrationSource source;
  std::string_view name;
  std::vector<std::string_view> paths;   // that only it has
  std::vector<std::string_view> images;  // the last part of its image's name
  void (*migrate)(MigrationInput& input, MigrationDraft& draft);
};

const std::vector<SourceRow>& sources() {
  static const std::vector<SourceRow> rows = {
      {MigrationSource::kHelmStateMetrics,
       "helm-state-metrics",
       {"args.metrics-bind-address", "args.zap-log-level", "args.zap-devel", "args.zap-encoder",
        "args.leader-elect", "sidecars.kube-rbac-proxy"},
       {"helm-state-metrics"},
       migrate_state_metrics},
      {MigrationSource::kHelmS3Exporter,
       "helm-s3-exporter",
       {"s3", "scan", "html", "auth.useIAMRole", "config.inline", "config.existingSecret",
        "config.existingConfigMap", "scanInterval", "enableHTML", "env.S3_BUCKET", "env.INDEX_URL",
        "env.USE_IAM_ROLE"},
       {"helm-s3-exporter", "helm-repo-exporter"},
       migrate_s3_exporter},
      {MigrationSource::kHelmExporter,
       "helm-exporter",
       {"config.helmRegistries",
        "infoMetric",
        "historyMetric",
        "timestampMetric",
        "outdatedMetric",
        "latestChartVersion",
        "statusInMetric",
        "intervalDuration",
        "namespacesIgnore",
        "args.info-metric",
        "args.history-metric",
        "args.timestamp-metric",
        "args.outdated-metric",
        "args.latest-chart-version",
        "args.status-in-metric",
        "args.interval-duration",
        "env.INFO_METRIC",
        "env.HISTORY_METRIC",
        "env.LATEST_CHART_VERSION",
        "env.STATUS_IN_METRIC",
        "env.INTERVAL_DURATION"},
       {"helm-exporter"},
       migrate_helm_exporter},
  };
  return rows;
}

// "helm-exporter" of "registry.example.org/mirror/helm-exporter:1.2@sha256:...".
std::string_view image_name(std::string_view image) {
  image = image.substr(0, image.find('@'));
  const std::size_t slash = image.rfind('/');
  if (slash != std::string_view::npos) image.remove_prefix(slash + 1);
  return image.substr(0, image.find(':'));
}

bool looks_like(const SourceRow& row, const Yaml& root) {
  const std::string image = scalar_of(find_path(root, "image.repository"));
  const bool by_path = std::any_of(row.paths.begin(), row.paths.end(), [&](std::string_view path) {
    return find_path(root, path) != nullptr;
  });
  return by_path ||
         std::find(row.images.begin(), row.images.end(), image_name(image)) != row.images.end();
}

const SourceRow& row_of(MigrationSource source) {
  return *std::find_if(sources().begin(), sources().end(),
                       [source](const SourceRow& row) { return row.source == source; });
}

std::string counted(std::size_t number, std::string_view what) {
  return std::to_string(number) + " " + std::string(what);
}

}  // namespace

std::string_view source_name(MigrationSource source) {
  return row_of(source).name;
}

std::optional<MigrationSource> source_of_name(std::string_view name) {
  for (const SourceRow& row : sources()) {
    if (row.name == name) return row.source;
  }
  return std::nullopt;
}

std::vector<std::string> source_names() {
  std::vector<std::string> out;
  for (const SourceRow& row : sources()) out.emplace_back(row.name);
  return out;
}

Result<MigrationSource> detect_source(const Yaml& root) {
  std::vector<MigrationSource> found;
  for (const SourceRow& row : sources()) {
    if (looks_like(row, root)) found.push_back(row.source);
  }
  if (found.size() == 1) return found.front();
  std::string names;
  for (const std::string& name : source_names()) names += (names.empty() ? "" : ", ") + name;
  return Error{ErrorCode::kInvalid,
               "cannot tell whose settings these are: give --from (" + names + ")"};
}

MigrationDraft migrate(MigrationSource source, Yaml root) {
  MigrationInput input(std::move(root));
  MigrationDraft draft;
  row_of(source).migrate(input, draft);
  migrate_environment(input, draft);
  migrate_deployment(input, draft);
  for (const std::string& path : input.rest()) draft.note(Note::kNotUnderstood, path, "");
  return draft;
}

Result<Migration> migrate_text(std::string_view text, std::string_view from) {
  auto root = read_migration_input(text);
  if (!root) return root.error();
  auto source =
      from.empty() ? detect_source(*root) : Result<MigrationSource>(MigrationSource::kHelmExporter);
  if (!source) return source.error();
  if (!from.empty()) {
    const auto named = source_of_name(from);
    if (!named) return Error{ErrorCode::kInvalid, "--from: no such source"};
    source = *named;
  }
  const MigrationDraft draft = migrate(*source, std::move(*root));
  const std::string name(source_name(*source));
  return Migration{
      render_draft(draft, "Values for the chart helm-lookout, made of those of " + name +
                              " by `helm-lookout migrate-values`."),
      name + ": " + counted(draft.count(Note::kToDo), "to do, ") +
          counted(draft.count(Note::kDiffers), "different, ") +
          counted(draft.count(Note::kNotUnderstood), "not understood: see the comments")};
}

}  // namespace lookout::cli
