// Helm Repository Exporter, which Helm S3 Exporter became: its chart's values, its config.yaml and
// its environment. Secrets in it are never copied: each becomes the name of a Secret to make.

#include <string>

#include "lookout/base/text.hpp"

#include "src/cli/migrate_repository.hpp"
#include "src/cli/migrate_rules.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Note = MigrationNote::Kind;

struct Times {
  GivenText interval;
  GivenText timeout;
};

// "X-API-Key" of "team" -> TEAM_X_API_KEY.
std::string variable_name(std::string_view repository, std::string_view header) {
  std::string out = std::string(repository) + "_" + std::string(header);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) c = '_';
  }
  return out.front() >= '0' && out.front() <= '9' ? "_" + out : out;
}

// Headers have no key of existingSecret: they come by variables.
void migrate_headers(const Yaml& headers, const std::string& secret, Yaml& item,
                     MigrationDraft& draft) {
  std::vector<Yaml> out;
  for (const auto& [name, unused] : headers.members) {
    const std::string variable = variable_name(scalar_of(item.find("name")), name);
    out.push_back(yaml_mapping({{"name", yaml_text(name)}, {"valueEnv", yaml_text(variable)}}));
    Yaml from = yaml_mapping({{"name", yaml_text(secret)}, {"key", yaml_text(name)}});
    draft.append("extraEnv",
                 yaml_mapping({{"name", yaml_text(variable)},
                               {"valueFrom", yaml_mapping({{"secretKeyRef", std::move(from)}})}}));
  }
  if (!out.empty()) make_path(item, "auth.headers") = yaml_list(std::move(out));
}

void migrate_auth(const Yaml& auth, const std::string& where, Yaml& item, MigrationDraft& draft) {
  note_unknown_keys(auth, {"basic", "bearerToken", "headers"}, where, draft);
  const std::string secret = "helm-lookout-" + repository_name(scalar_of(item.find("name")), {});
  if (const Yaml* basic = auth.find("basic")) {
    note_unknown_keys(*basic, {"username", "password"}, where + ".basic", draft);
    make_member(item, "existingSecret") = yaml_text(secret);
    note_secret(where + ".basic", secret, "the keys username and password", draft);
  } else if (auth.find("bearerToken") != nullptr) {
    make_member(item, "existingSecret") = yaml_text(secret);
    make_path(item, "secretKeys.bearerToken") = yaml_text("bearerToken");
    note_secret(where + ".bearerToken", secret, "the key bearerToken", draft);
  }
  if (const Yaml* headers = auth.find("headers"); headers != nullptr && !is_empty(*headers)) {
    migrate_headers(*headers, secret, item, draft);
    note_secret(where + ".headers", secret, "a key named as each header", draft);
  }
}

void migrate_item(const Yaml& given, std::size_t index, const Times& times, MigrationDraft& draft) {
  const std::string where = "repositories[" + std::to_string(index) + "]";
  note_unknown_keys(given, {"name", "url", "scanInterval", "auth"}, where, draft);
  const std::string url = scalar_of(given.find("url"));
  std::string name = scalar_of(given.find("name"));
  if (url.empty()) {
    draft.note(Note::kToDo, where, "has no url");
    return;
  }
  if (name.empty()) name = repository_name(url, draft);
  Yaml item = repository_item(name, url, where + ".url", draft);
  const std::string own = scalar_of(given.find("scanInterval"));
  put_duration(own.empty() ? times.interval : GivenText{where + ".scanInterval", own}, "interval",
               item, draft);
  put_duration(times.timeout, "timeout", item, draft);
  if (const Yaml* auth = given.find("auth")) migrate_auth(*auth, where + ".auth", item, draft);
  draft.append("repositories", std::move(item));
}

// The chart only names the object that holds the list; false when it names none.
bool note_config_object(std::string_view kind, MigrationInput& input, MigrationDraft& draft) {
  const std::string path = "config.existing" + std::string(kind);
  const bool enabled = input.take_text(path + ".enabled") == "true";
  const std::string name = input.take_text(path + ".name");
  input.take(path + ".key");
  if (!enabled) return false;
  draft.note(Note::kToDo, path,
             "the repositories are in the " + std::string(kind) + " " + quote_bounded(name) +
                 ": run migrate-values on the file in it, too");
  return true;
}

}  // namespace

void migrate_repository_exporter(MigrationInput& input, MigrationDraft& draft) {
  const Times times = {take_first(input, {"scan.interval", "scanInterval", "env.SCAN_INTERVAL"}),
                       take_first(input, {"scan.timeout", "scanTimeout", "env.SCAN_TIMEOUT"})};
  input.take("config.inline.enabled");
  input.take("env.CONFIG_FILE");
  const GivenText url = take_first(input, {"config.inline.url", "env.INDEX_URL"});
  if (!url.text.empty()) {
    migrate_item(yaml_mapping({{"name", yaml_text("default")}, {"url", yaml_text(url.text)}}), 0,
                 times, draft);
  }
  if (const Yaml* list = input.take("repositories")) {
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      migrate_item(list->items[i], i, times, draft);
    }
  }
  const bool in_secret = note_config_object("Secret", input, draft);
  const bool in_map = note_config_object("ConfigMap", input, draft);
  if (!in_secret && !in_map && draft.values.find("repositories") == nullptr) {
    draft.note(Note::kToDo, "repositories", "none is named");
  }
  draft.note(Note::kDiffers, "helm_repo_*",
             "have other names here: docs/migration.md has them all");
}

}  // namespace lookout::cli
