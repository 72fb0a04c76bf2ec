#include <algorithm>
#include <array>
#include <string>

#include "lookout/base/text.hpp"

#include "src/cli/migrate_rules.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Note = MigrationNote::Kind;

// Under one of its spellings: Go's programs read proxies in both cases.
struct Variable {
  std::string_view name;
  std::string_view to;
};
constexpr Variable kVariables[] = {
    {"HTTP_PROXY", "proxy.httpProxy"},    {"http_proxy", "proxy.httpProxy"},
    {"HTTPS_PROXY", "proxy.httpsProxy"},  {"https_proxy", "proxy.httpsProxy"},
    {"NO_PROXY", "proxy.noProxy"},        {"no_proxy", "proxy.noProxy"},
    {"AWS_REGION", "aws.region"},         {"AWS_DEFAULT_REGION", "aws.region"},
    {"AWS_ENDPOINT_URL", "aws.endpoint"}, {"AWS_ENDPOINT_URL_S3", "aws.endpoint"},
};

bool is_secret_name(std::string_view name) {
  constexpr std::array<std::string_view, 5> words = {"SECRET", "TOKEN", "PASSWORD", "PASSWD",
                                                     "ACCESS_KEY"};
  return !name.ends_with("_FILE") &&
         std::any_of(words.begin(), words.end(), [&](std::string_view word) {
           return name.find(word) != std::string_view::npos;
         });
}

void note_not_printed(const std::string& path, std::string_view to, MigrationDraft& draft) {
  draft.note(Note::kToDo, path,
             "holds an @, so that it is not printed: set " + std::string(to) + " by hand");
}

// A proxy's or an endpoint's.
bool may_hold_password(std::string_view value) {
  return value.find('@') != std::string_view::npos;
}

void migrate_variable(const Variable& variable, MigrationInput& input, MigrationDraft& draft) {
  const std::string path = "env." + std::string(variable.name);
  const Yaml* given = input.take(path);
  if (given == nullptr) return;
  const std::string value = scalar_of(given);
  if (const Yaml* from = given->find("valueFrom")) {
    draft.append("extraEnv", yaml_mapping({{"name", yaml_text(std::string(variable.name))},
                                           {"valueFrom", *from}}));
    return;
  }
  if (!may_hold_password(value)) {
    draft.put(variable.to, yaml_text(value));
  } else if (variable.to.starts_with("proxy.")) {
    draft.put("proxy.existingSecret", yaml_text("helm-lookout-proxy"));
    draft.note(Note::kToDo, path,
               "holds credentials, which are not printed: make the Secret helm-lookout-proxy with "
               "the keys HTTP_PROXY and HTTPS_PROXY, or one of them");
  } else {
    note_not_printed(path, variable.to, draft);
  }
}

void migrate_access_keys(MigrationInput& input, MigrationDraft& draft) {
  constexpr std::string_view kIdKey = "env.AWS_ACCESS_KEY_ID";
  const Yaml* key = input.take(kIdKey);
  input.take("env.AWS_SECRET_ACCESS_KEY");
  input.take("env.AWS_SESSION_TOKEN");
  if (key == nullptr) return;
  const std::string secret = scalar_of(find_path(*key, "valueFrom.secretKeyRef.name"));
  const std::string its_key = scalar_of(find_path(*key, "valueFrom.secretKeyRef.key"));
  draft.put("aws.credentials.existingSecret",
            yaml_text(secret.empty() ? "helm-lookout-aws" : secret));
  if (secret.empty()) {
    draft.note(Note::kToDo, kIdKey,
               "access keys are not printed: make the Secret helm-lookout-aws with the keys "
               "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use aws.irsa (docs/aws.md)");
  } else if (its_key != "AWS_ACCESS_KEY_ID") {
    draft.note(Note::kToDo, kIdKey,
               "the Secret needs the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
}

void migrate_driver(MigrationInput& input, MigrationDraft& draft) {
  const std::string driver = input.take_text("env.HELM_DRIVER");
  if (driver.starts_with("configmap")) {
    draft.put("settings.storageDriver", yaml_text("configmap"));
  } else if (!driver.empty() && !driver.starts_with("secret")) {
    draft.note(Note::kDiffers, "env.HELM_DRIVER",
               "helm-lookout reads Secrets or ConfigMaps, not " + quote_bounded(driver));
  }
}

// AWS_PROFILE and the like are read here too; whatever else there is stays in rest().
void migrate_further_aws(MigrationInput& input, MigrationDraft& draft) {
  const Yaml* env = find_path(input.root(), "env");
  if (env == nullptr) return;
  for (const auto& [name, value] : env->members) {
    if (!name.starts_with("AWS_") || is_secret_name(name)) continue;
    const bool done = std::any_of(std::begin(kVariables), std::end(kVariables),
                                  [&name = name](const auto& known) { return known.name == name; });
    if (done || value.kind != Yaml::Kind::kScalar) continue;
    const std::string path = "env." + name;
    input.take(path);
    if (may_hold_password(value.scalar)) {
      note_not_printed(path, "extraEnv", draft);
      continue;
    }
    draft.append("extraEnv",
                 yaml_mapping({{"name", yaml_text(name)}, {"value", yaml_text(value.scalar)}}));
  }
}

constexpr std::string_view kGoRuntime = "is for programs in Go";
constexpr MigrationRule kEnvironmentRules[] = {
    {"env.GOMAXPROCS", "", kGoRuntime},
    {"env.GOMEMLIMIT", "", kGoRuntime},
    {"env.GOGC", "", kGoRuntime},
    {"env.GODEBUG", "", kGoRuntime},
    {"env.KUBECONFIG", "", "in a pod the service account is used; see settings.kubeconfig"},
};

}  // namespace

void migrate_environment(MigrationInput& input, MigrationDraft& draft) {
  for (const Variable& variable : kVariables) migrate_variable(variable, input, draft);
  migrate_access_keys(input, draft);
  migrate_driver(input, draft);
  migrate_further_aws(input, draft);
  apply_rules(kEnvironmentRules, input, draft);
}

}  // namespace lookout::cli
