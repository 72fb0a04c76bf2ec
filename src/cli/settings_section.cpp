#include "src/cli/settings_section.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"

#include "src/cli/duration.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;

const Yaml kNothing;
constexpr std::size_t kTextsMax = 1'000;

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "a${NAME}b": what other programs expand.
bool has_reference(std::string_view text) {
  for (std::size_t at = text.find("${"); at != std::string_view::npos;
       at = text.find("${", at + 2)) {
    std::size_t end = at + 2;
    while (end < text.size() && is_name_byte(text[end])) ++end;
    if (end > at + 2 && end < text.size() && text[end] == '}') return true;
  }
  return false;
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::all_of(name.begin(), name.end(), is_name_byte);
}

Error mistake(const Yaml& at, const std::string& where, std::string_view message) {
  const std::string line = at.line > 0 ? "line " + std::to_string(at.line) + ": " : "";
  return {ErrorCode::kInvalid, line + where + ": " + std::string(message)};
}

}  // namespace

SettingsSection::SettingsSection(const Yaml& node, std::string path)
    : node_(node), path_(std::move(path)) {
  if (!node.is_null() && node.kind != Yaml::Kind::kMapping) fail("", "expected a mapping");
}

void SettingsSection::fail(std::string_view key, std::string_view message) {
  const Yaml* at = node_.find(key);
  fail_at(at == nullptr ? node_ : *at, key, message);
}

void SettingsSection::fail_at(const Yaml& at, std::string_view key, std::string_view message) {
  if (error_) return;
  const std::string dot = key.empty() ? "" : ".";
  error_ = mistake(at, path_ + dot + std::string(key), message);
}

const Yaml* SettingsSection::value(std::string_view key) {
  known_.insert(std::string(key));
  const Yaml* found = node_.find(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string SettingsSection::scalar(std::string_view key, const Yaml& value) {
  if (value.kind != Yaml::Kind::kScalar) {
    fail_at(value, key, "expected one value");
    return "";
  }
  if (has_reference(value.scalar)) {
    fail_at(value, key, "variables are not expanded here: name one with a key that ends in Env");
  }
  return value.scalar;
}

std::string SettingsSection::text(std::string_view key) {
  const Yaml* found = value(key);
  return found == nullptr ? "" : scalar(key, *found);
}

bool SettingsSection::flag(std::string_view key) {
  return one_of(key, {"false", "true"}) == 1;
}

std::optional<std::chrono::milliseconds> SettingsSection::duration(std::string_view key) {
  const std::string given = text(key);
  if (given.empty()) return std::nullopt;
  const auto parsed = parse_duration(given);
  if (!parsed)
    fail(key, "expected a duration like 5m, 1h30m, 30s or 0, got " + quote_bounded(given));
  return parsed;
}

std::vector<std::string> SettingsSection::texts(std::string_view key) {
  std::vector<std::string> out;
  const Yaml* found = value(key);
  if (found == nullptr) return out;
  if (found->kind != Yaml::Kind::kSequence || found->items.size() > kTextsMax) {
    fail(key, "expected a list of at most " + std::to_string(kTextsMax) + " texts");
    return out;
  }
  for (const Yaml& item : found->items) out.push_back(scalar(key, item));
  return out;
}

repository::Secret SettingsSection::secret(std::string_view key) {
  const std::string name(key);
  const repository::Secret out{text(name), text(name + "File"), text(name + "Env")};
  const int given = !out.value.empty() + !out.file.empty() + !out.environment.empty();
  if (given > 1) fail(key, "give one of " + name + ", " + name + "File and " + name + "Env");
  // Whatever is there instead may be the secret itself, so it is not quoted.
  if (!out.environment.empty() && !is_variable_name(out.environment)) {
    fail(name + "Env", "expected the name of an environment variable");
  }
  return out;
}

std::size_t SettingsSection::one_of(std::string_view key,
                                    std::initializer_list<std::string_view> words) {
  const std::string given = text(key);
  const auto found = std::find(words.begin(), words.end(), given);
  if (given.empty()) return 0;
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string names;
  for (const auto word : words) names += (names.empty() ? "" : ", ") + std::string(word);
  fail(key, "expected one of " + names + ", got " + quote_bounded(given));
  return 0;
}

SettingsSection SettingsSection::section(std::string_view key) {
  const Yaml* found = value(key);
  return {found == nullptr ? kNothing : *found, path_ + "." + std::string(key)};
}

std::vector<SettingsSection> SettingsSection::sections(std::string_view key,
                                                       std::size_t count_max) {
  const Yaml* found = value(key);
  if (found == nullptr) return {};
  auto out = list_sections(*found, path_ + "." + std::string(key), count_max);
  if (out) return std::move(*out);
  if (!error_) error_ = out.error();
  return {};
}

void SettingsSection::check(const SettingsSection& inner) {
  const auto result = inner.result();
  if (!result && !error_) error_ = result.error();
}

Result<void> SettingsSection::result() const {
  // First, because a misspelt key also shows as one that is missing.
  for (const auto& [key, value] : node_.members) {
    if (known_.contains(key)) continue;
    return mistake(value, path_, "unknown key " + quote_bounded(key));
  }
  if (error_) return *error_;
  return {};
}

Result<std::vector<SettingsSection>> list_sections(const Yaml& list, const std::string& path,
                                                   std::size_t count_max) {
  if (list.is_null()) return std::vector<SettingsSection>();
  if (list.kind != Yaml::Kind::kSequence || list.items.size() > count_max) {
    return mistake(list, path, "expected a list of at most " + std::to_string(count_max));
  }
  std::vector<SettingsSection> out;
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    out.emplace_back(list.items[i], path + "[" + std::to_string(i) + "]");
  }
  return out;
}

}  // namespace lookout::cli
