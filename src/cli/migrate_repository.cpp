#include "src/cli/migrate_repository.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"
#include "lookout/http/url.hpp"

#include "controllers/repository_scanner.hpp"
#include "src/cli/duration.hpp"
#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Note = MigrationNote::Kind;

constexpr std::string_view kIndexName = "/index.yaml";

// Where the host or its user begins.
std::size_t authority_of(std::string_view url) {
  const std::size_t colon = url.find_first_of(":/?#@");
  return url.substr(std::min(colon, url.size())).starts_with("://") ? colon + 3 : 0;
}

// What is printed of a URL: no user, no query. "" when that is no URL, or an @ stands behind the
// host: what looks like host and path may be a password that was not percent-encoded.
std::string bare_url(std::string_view url) {
  const std::size_t authority = authority_of(url);
  const std::size_t path = std::min(url.find_first_of("/?#", authority), url.size());
  if (url.find('@', path) != std::string_view::npos) return "";
  const std::size_t at = url.substr(0, path).rfind('@');
  const std::size_t host = at == std::string_view::npos ? authority : at + 1;
  const std::string_view rest =
      url.substr(host, std::min(url.find_first_of("?#", host), url.size()) - host);
  if (!http::parse_url("https://" + std::string(rest))) return "";  // oci:// is none to it
  return std::string(url.substr(0, authority)) += rest;
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

void note_bare_url(std::string_view url, std::string_view where, MigrationDraft& draft) {
  const std::string bare = bare_url(url);
  if (bare == url) return;
  draft.note(Note::kToDo, where,
             bare.empty() ? "is not printed: it is no URL, or has a password that is not "
                            "percent-encoded; credentials belong into a Secret that "
                            "existingSecret names"
                          : "what its URL holds before the host or after the path is not printed: "
                            "credentials belong into a Secret that existingSecret names");
}

bool is_full(std::string_view where, MigrationDraft& draft) {
  if (repositories(draft).size() < controllers::kRepositoriesMax) return false;
  draft.note(
      Note::kToDo, where,
      "is left out: at most " + std::to_string(controllers::kRepositoriesMax) + " repositories");
  return true;
}

Yaml repository_item(const std::string& name, const std::string& url, std::string_view where,
                     MigrationDraft& draft) {
  note_bare_url(url, where, draft);
  return yaml_mapping({{"name", yaml_text(name)}, {"url", yaml_text(bare_url(url))}});
}

std::string unique_name(const std::string& name, std::string_view key,
                        const MigrationDraft& draft) {
  std::string unique = name;
  for (int i = 2; has_repository(draft, key, unique); ++i) {
    unique = name + "-" + std::to_string(i);
  }
  return unique;
}

std::string object_name(std::string_view text) {
  std::string name;
  for (const char c : to_lower(text)) {
    const bool legal = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (legal || !(name.empty() || name.back() == '-')) name += legal ? c : '-';
  }
  constexpr std::size_t kNameBytesMax = 100;
  name.resize(std::min(name.size(), kNameBytesMax));
  while (name.ends_with('-')) name.pop_back();
  return name.empty() ? "repository" : name;
}

std::string repository_name(std::string_view url, const MigrationDraft& draft) {
  const std::string text = repository_url(url);
  return unique_name(object_name(std::string_view(text).substr(authority_of(text))), "name", draft);
}

Yaml* known_repository(std::string_view url, MigrationDraft& draft) {
  const std::string wanted = repository_url(url);
  if (wanted.empty() || repositories(draft).empty()) return nullptr;
  for (Yaml& item : make_member(draft.values, "repositories").items) {
    if (repository_url(scalar_of(item.find("url"))) == wanted) return &item;
  }
  return nullptr;
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
