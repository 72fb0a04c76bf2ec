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

void put_key(std::string_view field, std::string_view key, Yaml& item) {
  make_path(item, "secretKeys." + std::string(field)) = yaml_text(std::string(key));
}

void migrate_headers(const Yaml& headers, Yaml& item) {
  std::vector<Yaml> out;
  for (const auto& [name, unused] : headers.members) {
    out.push_back(yaml_mapping({{"name", yaml_text(name)}, {"secretKey", yaml_text(name)}}));
  }
  make_path(item, "auth.headers") = yaml_list(std::move(out));
}

void migrate_auth(const Yaml& auth, const std::string& where, Yaml& item, MigrationDraft& draft) {
  note_unknown_keys(auth, {"basic", "bearerToken", "headers"}, where, draft);
  const std::string secret = unique_name(
      "helm-lookout-" + object_name(scalar_of(item.find("name"))), "existingSecret", draft);
  const Yaml* basic = auth.find("basic");
  const Yaml* headers = auth.find("headers");
  const bool token = !scalar_of(auth.find("bearerToken")).empty();
  if (basic != nullptr) {
    note_unknown_keys(*basic, {"username", "password"}, where + ".basic", draft);
    put_key("username", "username", item);
    put_key("password", "password", item);
    note_secret(where + ".basic", secret, "the keys username and password", draft);
  } else if (token) {
    put_key("bearerToken", "bearerToken", item);
    note_secret(where + ".bearerToken", secret, "the key bearerToken", draft);
  }
  if (headers != nullptr && !is_empty(*headers)) {
    migrate_headers(*headers, item);
    note_secret(where + ".headers", secret, "a key named as each header", draft);
  }
  if (item.find("secretKeys") != nullptr || item.find("auth") != nullptr) {
    make_member(item, "existingSecret") = yaml_text(secret);
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
  if (is_full(where, draft)) return;
  if (name.empty()) name = repository_name(url, draft);
  if (const std::string unique = unique_name(name, "name", draft); unique != name) {
    draft.note(Note::kDiffers, where + ".name",
               "is " + quote_bounded(unique) + " here: there is one of that name already");
    name = unique;
  }
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
