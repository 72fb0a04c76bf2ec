// Helm S3 Exporter: the values of its chart and its environment, and the settings that it shares
// with Helm Repository Exporter, its successor. Names and defaults: charts/*/values.yaml and
// pkg/config/config.go of both.

#include <string>

#include "src/cli/migrate_repository.hpp"
#include "src/cli/migrate_rules.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Note = MigrationNote::Kind;

constexpr std::string_view kOtherPort =
    "helm-lookout listens on 9104; see settings.metricsBindAddress";
constexpr MigrationRule kServerRules[] = {
    {"metrics.port", "", kOtherPort, "9571"},
    {"metricsPort", "", kOtherPort, "9571"},
    {"env.METRICS_PORT", "", kOtherPort, "9571"},
    {"metrics.path", "settings.metricsPath", "", "/metrics"},
    {"metricsPath", "settings.metricsPath", "", "/metrics"},
    {"env.METRICS_PATH", "settings.metricsPath", "", "/metrics"},
    {"html.path", "settings.chartsPath", "", "/charts"},
    {"htmlPath", "settings.chartsPath", "", "/charts"},
    {"env.HTML_PATH", "settings.chartsPath", "", "/charts"},
};

void migrate_server(MigrationInput& input, MigrationDraft& draft) {
  apply_rules(kServerRules, input, draft);
  const auto page = take_first(input, {"html.enabled", "enableHTML", "env.ENABLE_HTML"});
  if (page.text.empty()) return;
  const bool on = page.text == "true" || page.text == "1" || page.text == "yes";
  draft.put("settings.chartsPage", yaml_plain(on ? "true" : "false"));
}

// Their pods cannot read Secrets, and ours do not begin to by a migration. Off alone would leave
// nothing to do, which the chart refuses.
void keep_releases_off(MigrationDraft& draft) {
  const bool repositories = draft.values.find("repositories") != nullptr;
  if (repositories) draft.put("settings.releases", yaml_text("off"));
  draft.note(Note::kToDo, "settings.releases",
             repositories
                 ? "off, as before: only repositories. Without this line helm-lookout also shows "
                   "the cluster's releases and what they are behind; it then reads Secrets"
                 : "set it to \"off\" beside the repositories, if helm-lookout is to show only "
                   "these, as before; else it also reads the Secrets of the cluster's releases");
}

void migrate_static_keys(MigrationInput& input, MigrationDraft& draft) {
  const GivenText use_role = take_first(input, {"auth.useIAMRole", "env.USE_IAM_ROLE"});
  const std::string existing = input.take_text("auth.existingSecret");
  const std::string id = input.take_text("auth.credentials.accessKeyId");
  const std::string secret = input.take_text("auth.credentials.secretAccessKey");
  if (use_role.text != "false") return;
  if (!existing.empty()) {
    draft.put("aws.credentials.existingSecret", yaml_text(existing));
    draft.note(Note::kToDo, "auth.existingSecret",
               "the Secret has to be in helm-lookout's namespace");
  }
  if (!existing.empty() || (id.empty() && secret.empty())) return;
  draft.put("aws.credentials.existingSecret", yaml_text("helm-lookout-aws"));
  note_secret("auth.credentials", "helm-lookout-aws",
              "the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", draft);
}

void migrate_bucket(MigrationInput& input, MigrationDraft& draft) {
  const std::string bucket = take_first(input, {"s3.bucket", "env.S3_BUCKET"}).text;
  const std::string region = take_first(input, {"s3.region", "env.S3_REGION"}).text;
  const std::string key = take_first(input, {"s3.key", "env.S3_KEY"}).text;
  const GivenText interval = take_first(input, {"scan.interval", "env.SCAN_INTERVAL"});
  const GivenText timeout = take_first(input, {"scan.timeout", "env.SCAN_TIMEOUT"});
  if (bucket.empty()) {
    draft.note(Note::kToDo, "s3.bucket", "is not given: name the repositories yourself");
    return;
  }
  Yaml item = yaml_mapping({{"name", yaml_text(bucket)}, {"bucket", yaml_text(bucket)}});
  if (!key.empty() && key != "index.yaml") make_member(item, "key") = yaml_text(key);
  if (!region.empty()) make_member(item, "region") = yaml_text(region);
  put_duration(interval, "interval", item, draft);
  put_duration(timeout, "timeout", item, draft);
  draft.append("repositories", std::move(item));
}

bool is_successor(const MigrationInput& input) {
  return input.has("repositories") || input.has("env.INDEX_URL") || input.has("config") ||
         input.has("env.CONFIG_FILE");
}

}  // namespace

void migrate_s3_exporter(MigrationInput& input, MigrationDraft& draft) {
  if (is_successor(input)) {
    migrate_repository_exporter(input, draft);
  } else {
    migrate_bucket(input, draft);
    migrate_static_keys(input, draft);
    const std::string role = input.take_text("serviceAccount.roleArn");
    if (!role.empty()) draft.put("aws.irsa.roleArn", yaml_text(role));
    draft.note(Note::kDiffers, "helm_s3_*", "same names, and the label repository besides");
  }
  migrate_server(input, draft);
  keep_releases_off(draft);
}

}  // namespace lookout::cli
