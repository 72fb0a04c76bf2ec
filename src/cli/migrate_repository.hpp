// Chart repositories of others as items of our `repositories`.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "lookout/encoding/yaml.hpp"

#include "src/cli/migrate_draft.hpp"

namespace lookout::cli {

// The text at the first of `paths` that has one, all ticked off; `where` is that path.
struct GivenText {
  std::string where;
  std::string text;
};
GivenText take_first(MigrationInput& input, std::initializer_list<std::string_view> paths);

// {name, url}: credentials and query of the URL are left out, with a note. `url` is absent when
// it cannot be told from a password.
encoding::Yaml repository_item(const std::string& name, const std::string& url,
                               std::string_view where, MigrationDraft& draft);
// The note alone.
void note_bare_url(std::string_view url, std::string_view where, MigrationDraft& draft);
// With a note, when the draft has as many repositories as can be scanned.
bool is_full(std::string_view where, MigrationDraft& draft);

// "https://charts.example.org/stable/index.yaml" -> "charts-example-org-stable", another than
// those of the draft.
std::string repository_name(std::string_view url, const MigrationDraft& draft);
// `name`, numbered if it is the text at `key` of one of the draft's repositories.
std::string unique_name(const std::string& name, std::string_view key, const MigrationDraft& draft);
// Of lower-case letters, digits and inner dashes, never empty.
std::string object_name(std::string_view text);
// The draft's repository with that URL, until the next one is appended; nullptr for none.
encoding::Yaml* known_repository(std::string_view url, MigrationDraft& draft);

// Under `key` if it is a duration here too, else a note.
void put_duration(const GivenText& given, std::string_view key, encoding::Yaml& item,
                  MigrationDraft& draft);
// A note for each key of `mapping` that is none of these.
void note_unknown_keys(const encoding::Yaml& mapping, std::initializer_list<std::string_view> known,
                       const std::string& where, MigrationDraft& draft);

// Names the Secret `secret` with `keys` ("username and password") that the reader has to make.
void note_secret(const std::string& where, const std::string& secret, std::string_view keys,
                 MigrationDraft& draft);

}  // namespace lookout::cli
