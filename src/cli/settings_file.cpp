#include <algorithm>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/encoding/yaml.hpp"

#include "src/cli/repository_settings.hpp"
#include "src/cli/settings.hpp"
#include "src/cli/settings_values.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;

const SettingRow* row_by_file_key(std::string_view key) {
  const auto& table = settings_table();
  const auto at = std::find_if(table.begin(), table.end(),
                               [key](const SettingRow& row) { return file_key(row.flag) == key; });
  return at == table.end() ? nullptr : &*at;
}

Result<std::vector<std::string>> file_values(const SettingRow& row, const Yaml& node) {
  using Kind = Yaml::Kind;
  if (node.kind == Kind::kScalar) return values_of(row, node.scalar);
  if (node.kind != Kind::kSequence || !row.list) {
    return Error{ErrorCode::kInvalid, row.list ? "expected a list" : "expected one value"};
  }
  std::vector<std::string> values;
  for (const Yaml& item : node.items) {
    if (item.kind != Kind::kScalar) return Error{ErrorCode::kInvalid, "expected a list of texts"};
    values.push_back(item.scalar);
  }
  return values;
}

Result<void> read_value(std::string_view key, const Yaml& node, GivenValues& out) {
  const SettingRow* row = row_by_file_key(key);
  const std::string where = "line " + std::to_string(node.line) + ": ";
  if (row == nullptr) {
    return Error{ErrorCode::kInvalid, where + "unknown key " + quote_bounded(key)};
  }
  if (node.is_null()) return {};
  auto values = file_values(*row, node);
  if (!values) return in_setting(where, key, values.error());
  out[std::string(row->flag)] = std::move(*values);
  return {};
}

template <class T>
Result<void> read_list(const Yaml& node, Result<std::vector<T>> (*parse)(const Yaml&),
                       std::vector<T>& out) {
  auto parsed = parse(node);
  if (!parsed) return parsed.error();
  out = std::move(*parsed);
  return {};
}

}  // namespace

Result<SettingsFile> parse_settings_file(std::string_view yaml) {
  const auto document = encoding::parse_yaml(yaml);
  if (!document) return document.error();
  SettingsFile out;
  if (document->is_null()) return out;
  if (document->kind != Yaml::Kind::kMapping) {
    return Error{ErrorCode::kInvalid, "expected a mapping of settings"};
  }
  for (const auto& [key, node] : document->members) {
    const auto read = key == "repositories" ? read_list(node, parse_repositories, out.repositories)
                      : key == "pins"       ? read_list(node, parse_pins, out.pins)
                                            : read_value(key, node, out.values);
    if (!read) return read.error();
  }
  return out;
}

}  // namespace lookout::cli
