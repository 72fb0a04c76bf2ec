#include "src/cli/settings.hpp"

#include <algorithm>
#include <array>

#include "lookout/base/text.hpp"

#include "src/cli/repository_settings.hpp"
#include "src/cli/settings_values.hpp"

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

// METRICS_PORT holds a port where the flag takes an address.
std::string from_alias(const SettingRow& row, const std::string& text) {
  return row.alias == "METRICS_PORT" ? ":" + text : text;
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

void add_s3_exporter_defaults(Settings& settings) {
  settings.releases = ReleasesMode::kAuto;
  settings.metrics_bind_addresses.emplace_back(":9571");
}

// TLS and authentication of the metrics addresses.
Result<void> check_security(const Settings& settings) {
  const auto wrong = [](const char* message) { return Error{ErrorCode::kInvalid, message}; };
  const bool has_certificate = !settings.tls_cert_file.empty();
  if (has_certificate != !settings.tls_private_key_file.empty()) {
    return wrong("--tls-cert-file and --tls-private-key-file: give both or none");
  }
  if (!settings.client_ca_file.empty() && !has_certificate) {
    return wrong("--client-ca-file: needs --tls-cert-file and --tls-private-key-file");
  }
  if (!settings.auth_audiences.empty() && !settings.auth_filter) {
    return wrong("--auth-audiences: needs --auth-filter");
  }
  return {};
}

// What no setting can say alone.
Result<void> check_together(const Settings& settings) {
  const auto repositories = check_repositories(settings.repositories, settings.pins);
  if (!repositories) return repositories.error();
  if (settings.releases == ReleasesMode::kOff && settings.repositories.empty()) {
    return Error{ErrorCode::kInvalid, "--releases=off: there are no repositories to scan either"};
  }
  if (settings.charts_page && settings.charts_path == settings.metrics_path) {
    return Error{ErrorCode::kInvalid, "--charts-path: the same as --metrics-path"};
  }
  return check_security(settings);
}

}  // namespace

std::vector<std::string> values_of(const SettingRow& row, std::string_view text) {
  if (row.list) return list_values(text);
  return {std::string(text)};
}

Error in_setting(std::string_view source, std::string_view name, const Error& error) {
  return {ErrorCode::kInvalid, std::string(source) + std::string(name) + ": " + error.message};
}

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
    if (!row.alias.empty() && alias != environment.end() && !alias->second.empty() &&
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

Result<Settings> resolve_settings(const GivenSources& given, std::string_view host_name) {
  struct Source {
    std::string_view prefix;
    const GivenValues& values;
    std::string (*name)(std::string_view);
  };
  const std::array<Source, 3> sources = {{
      {"--", given.flags, [](std::string_view flag) { return std::string(flag); }},
      {"environment: ", given.environment, environment_name},
      {"settings file: ", given.file.values, file_key},
  }};
  Settings settings;
  if (given.s3_exporter) add_s3_exporter_defaults(settings);
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
  if (given.s3_exporter) settings.repositories.push_back(*given.s3_exporter);
  settings.repositories.insert(settings.repositories.end(), given.file.repositories.begin(),
                               given.file.repositories.end());
  settings.pins = given.file.pins;
  const auto consistent = check_together(settings);
  if (!consistent) return consistent.error();
  return settings;
}

}  // namespace lookout::cli
