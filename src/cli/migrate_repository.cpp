#include "src/cli/migrate_repository.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"

#include "src/cli/duration.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Note = MigrationNote::Kind;

constexpr std::string_view kIndexName = "/index.yaml";

// What is printed of a URL: no user, no query.
std::string bare_url(std::string_view url) {
  std::string out(url.substr(0, url.find_first_of("?#")));
  const std::size_t host = out.find("://") == std::string::npos ? 0 : out.find("://") + 3;
  const std::size_t path = std::min(out.find('/', host), out.size());
  const std::size_t at = out.rfind('@', path);
  if (at != std::string::npos && at >= host) out.erase(host, at + 1 - host);
  return out;
}

// The same for all ways to write it.
std::string repository_url(std::string_view url) {
  std::string out = bare_url(url);
  if (out.ends_with(kIndexName)) out.resize(out.size() - kIndexName.size());
  while (out.ends_with('/')) out.pop_back();
  return out;
}

const std::vector<Yaml>& repositories(const MigrationDraft& draft) {
  static const std::vector<Yaml> none;
  const Yaml* list = draft.values.find("repositories");
  return list == nullptr ? none : list->items;
}

bool has_repository(const MigrationDraft& draft, std::string_view key, std::string_view text) {
  const auto& list = repositories(draft);
  return std::any_of(list.begin(), list.end(),
                     [&](const Yaml& item) { return scalar_of(item.find(key)) == text; });
}

}  // namespace

GivenText take_first(MigrationInput& input, std::initializer_list<std::string_view> paths) {
  GivenText first;
  for (const std::string_view path : paths) {
    std::string text = input.take_text(path);
    if (first.text.empty() && !text.empty()) first = {std::string(path), std::move(text)};
  }
  return first;
}

Yaml repository_item(const std::string& name, const std::string& url, std::string_view where,
                     MigrationDraft& draft) {
  const std::string bare = bare_url(url);
  if (bare != url) {
    draft.note(Note::kToDo, where,
               "what its URL holds before the host or after the path is not printed: credentials "
               "belong into a Secret that existingSecret names");
  }
  return yaml_mapping({{"name", yaml_text(name)}, {"url", yaml_text(bare)}});
}

std::string repository_name(std::string_view url, const MigrationDraft& draft) {
  std::string text = repository_url(url);
  const std::size_t scheme = text.find("://");
  if (scheme != std::string::npos) text.erase(0, scheme + 3);
  std::string name;
  for (const char c : to_lower(text)) {
    const bool legal = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (legal || !(name.empty() || name.back() == '-')) name += legal ? c : '-';
  }
  constexpr std::size_t kNameBytesMax = 100;
  name.resize(std::min(name.size(), kNameBytesMax));
  while (name.ends_with('-')) name.pop_back();
  if (name.empty()) name = "repository";
  std::string unique = name;
  for (int i = 2; has_repository(draft, "name", unique); ++i) {
    unique = name + "-" + std::to_string(i);
  }
  return unique;
}

std::string known_repository(std::string_view url, const MigrationDraft& draft) {
  const std::string wanted = repository_url(url);
  for (const Yaml& item : repositories(draft)) {
    if (repository_url(scalar_of(item.find("url"))) == wanted) return scalar_of(item.find("name"));
  }
  return "";
}

void put_duration(const GivenText& given, std::string_view key, Yaml& item, MigrationDraft& draft) {
  if (given.text.empty()) return;
  const auto duration = parse_duration(given.text);
  const bool default_there = duration && duration->count() == 0;
  if (duration && *duration >= std::chrono::seconds(1)) {
    make_member(item, key) = yaml_text(given.text);
  } else if (!default_there) {
    draft.note(Note::kToDo, given.where,
               quote_bounded(given.text) +
                   " is no duration here: write one of a second or more, like 1h30m");
  }
}

void note_unknown_keys(const Yaml& mapping, std::initializer_list<std::string_view> known,
                       const std::string& where, MigrationDraft& draft) {
  for (const auto& [key, value] : mapping.members) {
    if (std::find(known.begin(), known.end(), key) == known.end() && !is_empty(value)) {
      std::string path = where + ".";
      draft.note(Note::kNotUnderstood, path += key, "");
    }
  }
}

void note_secret(const std::string& where, const std::string& secret, std::string_view keys,
                 MigrationDraft& draft) {
  draft.note(Note::kToDo, where,
             "is not printed: make the Secret " + secret + " with " + std::string(keys));
}

}  // namespace lookout::cli
