#include "src/cli/migrate_input.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "lookout/base/text.hpp"

#include "src/cli/migrate_yaml.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;
using Kind = Yaml::Kind;

bool is_variable_name(std::string_view name) {
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

bool is_upper_case(std::string_view name) {
  return is_variable_name(name) &&
         std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

Error too_many(std::string_view what) {
  return {ErrorCode::kTooLarge,
          "more than " + std::to_string(kMigrateEntriesMax) + " " + std::string(what)};
}

// --- environment ---

std::string_view without_quotes(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == value.back() &&
                      (value.front() == '"' || value.front() == '\'');
  return quoted ? value.substr(1, value.size() - 2) : value;
}

// nullopt when a line is none of NAME=value.
Result<std::optional<Yaml>> read_environment(std::string_view text) {
  Yaml env;
  env.kind = Kind::kMapping;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (line.empty() || line.front() == '#') continue;
    if (line.starts_with("export ")) line = trim(line.substr(7));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || !is_variable_name(line.substr(0, equals))) {
      return std::optional<Yaml>();
    }
    if (env.members.size() >= kMigrateEntriesMax) return too_many("variables");
    make_member(env, line.substr(0, equals)) =
        yaml_text(std::string(without_quotes(trim(line.substr(equals + 1)))));
  }
  return std::optional(std::move(env));
}

bool is_environment(const Yaml& document) {
  return !document.members.empty() &&
         std::all_of(document.members.begin(), document.members.end(), [](const auto& member) {
           return is_upper_case(member.first) &&
                  (member.second.kind == Kind::kScalar || member.second.is_null());
         });
}

// --- documents ---

// Where one document ends and the next begins: "---" at the start of a line.
std::vector<std::string_view> split_documents(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t at = 0; at != std::string_view::npos;) {
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    const bool marks = line.starts_with("---") && trim(line.substr(3)).empty();
    if (marks && at > begin) out.push_back(text.substr(begin, at - begin));
    if (marks) begin = at;
    at = text.find('\n', at);
    if (at != std::string_view::npos) ++at;
  }
  out.push_back(text.substr(begin));
  return out;
}

// With all below it.
std::size_t count_values(const Yaml& value) {
  std::size_t count = 1;
  for (const Yaml& item : value.items) count += count_values(item);
  for (const auto& [unused, member] : value.members) count += count_values(member);
  return count;
}

Result<std::vector<Yaml>> parse_documents(std::string_view text) {
  std::vector<Yaml> out;
  std::size_t values = 0;
  std::size_t line = 0;
  for (const std::string_view piece : split_documents(text)) {
    if (out.size() >= kMigrateDocumentsMax) {
      return Error{ErrorCode::kTooLarge, "more than 1000 documents"};
    }
    auto document = encoding::parse_yaml(piece, {.nodes_max = kMigrateEntriesMax});
    if (!document) {
      const std::string at = line > 0 ? "after line " + std::to_string(line) + ": " : "";
      return Error{document.error().code, at + document.error().message};
    }
    values += count_values(*document);
    if (values > kMigrateEntriesMax) return too_many("values");
    if (!is_empty(*document)) out.push_back(std::move(*document));
    line += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
  }
  return out;
}

bool is_object(const Yaml& document) {
  return document.find("kind") != nullptr && document.find("apiVersion") != nullptr;
}

// --- arguments ---

std::vector<std::string> words_of(const Yaml& document) {
  std::vector<std::string> words;
  if (document.kind == Kind::kScalar) {
    std::string text = document.scalar;
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    for (const std::string_view word : split(text, ' ')) {
      if (!word.empty()) words.emplace_back(word);
    }
  }
  for (const Yaml& item : document.items) words.push_back(scalar_of(&item));
  return words;
}

// Values with their `env:` lists as a mapping, and helm-exporter's file where its chart has it.
Yaml reshape_values(const Yaml& document) {
  Yaml root;
  root.kind = Kind::kMapping;
  for (const auto& [key, value] : document.members) {
    const bool env = key == "env" || key == "extraEnv";
    const bool registries = key == "helmRegistries";
    Yaml& there =
        registries ? make_path(root, "config." + key) : make_member(root, env ? "env" : key);
    const Yaml read = env ? read_env_list(value) : value;
    if (is_empty(there)) {
      there = read;
    } else {
      merge_into(there, read);
    }
  }
  return root;
}

}  // namespace

Result<Yaml> read_migration_document(Yaml document) {
  if (is_environment(document)) return yaml_mapping({{"env", std::move(document)}});
  if (document.kind == Kind::kMapping) return reshape_values(document);
  const auto words = words_of(document);
  if (words.size() > kMigrateEntriesMax) return too_many("words");
  Yaml args = read_arguments(words);
  if (!args.members.empty()) return yaml_mapping({{"args", std::move(args)}});
  return Error{ErrorCode::kMalformed,
               "expected values, manifests, NAME=value lines or --flag=value"};
}

void merge_into(Yaml& root, const Yaml& more) {
  for (const auto& [key, value] : more.members) {
    Yaml& there = make_member(root, key);
    if (is_empty(there)) {
      there = value;
    } else if (there.kind == Kind::kMapping) {
      merge_into(there, value);
    }
  }
}

Yaml read_arguments(const std::vector<std::string>& words) {
  Yaml out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word.size() < 2 || word.front() != '-') continue;
    const std::string_view flag =
        word.substr(std::min<std::size_t>(word.find_first_not_of('-'), word.size()));
    const std::size_t equals = flag.find('=');
    const bool value_follows =
        equals == std::string_view::npos && i + 1 < words.size() && !words[i + 1].starts_with('-');
    std::string value = value_follows                      ? words[++i]
                        : equals == std::string_view::npos ? "true"
                                                           : std::string(flag.substr(equals + 1));
    if (!flag.empty()) make_member(out, flag.substr(0, equals)) = yaml_text(std::move(value));
  }
  return out;
}

Yaml read_env_list(const Yaml& list) {
  Yaml out = list.kind == Kind::kMapping ? list : Yaml();
  for (const Yaml& item : list.items) {
    const std::string name = scalar_of(item.find("name"));
    const Yaml* from = item.find("valueFrom");
    if (!name.empty())
      make_member(out, name) = from != nullptr ? yaml_mapping({{"valueFrom", *from}})
                                               : yaml_text(scalar_of(item.find("value")));
  }
  return out;
}

Result<Yaml> read_migration_input(std::string_view text) {
  if (text.size() > kMigrateBytesMax) return Error{ErrorCode::kTooLarge, "more than 4 MiB"};
  if (trim(text).empty()) return Error{ErrorCode::kMalformed, "the input is empty"};
  const auto env = read_environment(text);
  if (!env) return env.error();
  if (*env) {
    // Through the reader of YAML, which takes nothing but UTF-8.
    auto checked = encoding::parse_yaml(render_yaml(yaml_mapping({{"env", **env}})));
    return checked ? checked : Error{ErrorCode::kMalformed, "the text is not UTF-8"};
  }
  auto documents = parse_documents(text);
  if (!documents) return documents.error();
  if (documents->empty()) return Error{ErrorCode::kMalformed, "the input is empty"};
  if (std::all_of(documents->begin(), documents->end(), is_object)) {
    return read_manifests(*documents);
  }
  if (documents->size() > 1) {
    return Error{ErrorCode::kMalformed,
                 "expected one document of values, or Kubernetes objects alone"};
  }
  return read_migration_document(std::move(documents->front()));
}

}  // namespace lookout::cli
