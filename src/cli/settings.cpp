#include "src/cli/settings.hpp"

#include <algorithm>
#include <array>

#include "lookout/base/text.hpp"
#include "lookout/encoding/yaml.hpp"

namespace lookout::cli {
namespace {

constexpr std::string_view kPrefix = "HELM_LOOKOUT_";
// Has no row in the table: it says where the file is.
constexpr std::string_view kConfigVariable = "HELM_LOOKOUT_CONFIG";

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::vector<std::string> list_values(std::string_view text) {
  std::vector<std::string> values;
  for (const std::string_view part : split(text, ',')) {
    if (!trim(part).empty()) values.emplace_back(trim(part));
  }
  return values;
}

std::vector<std::string> values_of(const SettingRow& row, std::string_view text) {
  if (row.list) return list_values(text);
  return {std::string(text)};
}

// METRICS_PORT holds a port where the flag takes an address.
std::string from_alias(const SettingRow& row, const std::string& text) {
  return row.alias == "METRICS_PORT" ? ":" + text : text;
}

Error in_setting(std::string_view source, std::string_view name, const Error& error) {
  return {ErrorCode::kInvalid, std::string(source) + std::string(name) + ": " + error.message};
}

Result<std::vector<std::string>> file_values(const SettingRow& row, const encoding::Yaml& node) {
  using Kind = encoding::Yaml::Kind;
  if (node.kind == Kind::kScalar) return values_of(row, node.scalar);
  if (node.kind != Kind::kSequence || !row.list) {
    return Error{ErrorCode::kInvalid, row.list ? "expected a list" : "expected one value"};
  }
  std::vector<std::string> values;
  for (const encoding::Yaml& item : node.items) {
    if (item.kind != Kind::kScalar) return Error{ErrorCode::kInvalid, "expected a list of texts"};
    values.push_back(item.scalar);
  }
  return values;
}

const SettingRow* row_by_file_key(std::string_view key) {
  const auto& table = settings_table();
  const auto at = std::find_if(table.begin(), table.end(),
                               [key](const SettingRow& row) { return file_key(row.flag) == key; });
  return at == table.end() ? nullptr : &*at;
}

const SettingRow* row_by_variable(std::string_view variable) {
  const auto& table = settings_table();
  const auto at = std::find_if(table.begin(), table.end(), [variable](const SettingRow& row) {
    return environment_name(row.flag) == variable;
  });
  return at == table.end() ? nullptr : &*at;
}

// Kubernetes puts HELM_LOOKOUT_SERVICE_HOST, HELM_LOOKOUT_PORT_9104_TCP_ADDR, ... into every pod
// beside a Service named helm-lookout.
bool is_service_link(std::string_view variable, std::string_view value) {
  if (variable.ends_with("_PORT")) {
    return value.starts_with("tcp://") || value.starts_with("udp://") ||
           value.starts_with("sctp://");
  }
  return variable.find("_SERVICE_HOST") != std::string_view::npos ||
         variable.find("_SERVICE_PORT") != std::string_view::npos ||
         variable.find("_PORT_") != std::string_view::npos;
}

// "helm-lookout-3" is shard 3 of a StatefulSet.
std::optional<std::uint32_t> ordinal(std::string_view host_name) {
  const std::size_t dash = host_name.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  return parse_number<std::uint32_t>(host_name.substr(dash + 1));
}

Result<void> resolve_shard(Settings& settings, bool shard_given, std::string_view host_name) {
  if (settings.total_shards > 1 && !shard_given) {
    const auto found = ordinal(host_name);
    if (!found) {
      return Error{ErrorCode::kInvalid,
                   "--total-shards: give --shard too, or run as a StatefulSet (host name " +
                       quote_bounded(host_name) + " ends in no number)"};
    }
    settings.shard = *found;
  }
  if (settings.shard >= settings.total_shards) {
    return Error{ErrorCode::kInvalid, "--shard: " + std::to_string(settings.shard) +
                                          " is not below --total-shards " +
                                          std::to_string(settings.total_shards)};
  }
  return {};
}

}  // namespace

std::string environment_name(std::string_view flag) {
  std::string name(kPrefix);
  for (const char c : flag) name += c == '-' ? '_' : upper(c);
  return name;
}

std::string file_key(std::string_view flag) {
  std::string key;
  bool capital = false;
  for (const char c : flag) {
    if (c != '-') key += capital ? upper(c) : c;
    capital = c == '-';
  }
  return key;
}

Result<GivenValues> values_from_environment(const std::map<std::string, std::string>& environment) {
  GivenValues given;
  for (const SettingRow& row : settings_table()) {
    const auto alias = environment.find(std::string(row.alias));
    if (!row.alias.empty() && alias != environment.end() &&
        !is_service_link(alias->first, alias->second)) {
      given[std::string(row.flag)] = values_of(row, from_alias(row, alias->second));
    }
  }
  for (const auto& [name, value] : environment) {
    if (!name.starts_with(kPrefix) || name == kConfigVariable) continue;
    const SettingRow* row = row_by_variable(name);
    if (row == nullptr && is_service_link(name, value)) continue;
    if (row == nullptr) return Error{ErrorCode::kInvalid, "environment: unknown variable " + name};
    given[std::string(row->flag)] = values_of(*row, value);
  }
  return given;
}

Result<GivenValues> values_from_file(std::string_view yaml) {
  const auto document = encoding::parse_yaml(yaml);
  if (!document) return document.error();
  if (document->is_null()) return GivenValues();
  if (document->kind != encoding::Yaml::Kind::kMapping) {
    return Error{ErrorCode::kInvalid, "expected a mapping of settings"};
  }
  GivenValues given;
  for (const auto& [key, node] : document->members) {
    const SettingRow* row = row_by_file_key(key);
    const std::string where = "line " + std::to_string(node.line) + ": ";
    if (row == nullptr) {
      return Error{ErrorCode::kInvalid, where + "unknown key " + quote_bounded(key)};
    }
    if (node.is_null()) continue;
    auto values = file_values(*row, node);
    if (!values) return in_setting(where, key, values.error());
    given[std::string(row->flag)] = std::move(*values);
  }
  return given;
}

Result<Settings> resolve_settings(const GivenSources& given, std::string_view host_name) {
  struct Source {
    std::string_view prefix;
    const GivenValues& values;
    std::string (*name)(std::string_view);
  };
  const std::array<Source, 3> sources = {{
      {"--", given.flags, [](std::string_view flag) { return std::string(flag); }},
      {"environment: ", given.environment, environment_name},
      {"settings file: ", given.file, file_key},
  }};
  Settings settings;
  bool shard_given = false;
  for (const SettingRow& row : settings_table()) {
    for (const Source& source : sources) {
      const auto at = source.values.find(std::string(row.flag));
      if (at == source.values.end()) continue;
      // An empty list is a way to say "none"; an empty text is not a value.
      if (at->second.empty() && !row.list) continue;
      if (!(at->second.empty() && row.flag.ends_with("bind-address"))) {
        const auto applied = row.apply(settings, at->second);
        if (!applied) return in_setting(source.prefix, source.name(row.flag), applied.error());
      }
      shard_given = shard_given || row.flag == "shard";
      break;
    }
  }
  const auto sharded = resolve_shard(settings, shard_given, host_name);
  if (!sharded) return sharded.error();
  return settings;
}

}  // namespace lookout::cli
