// Everything a user can set, validated once at start. In order of strength: flags,
// environment (HELM_LOOKOUT_<FLAG>), settings file (YAML, the flag's name in camelCase),
// defaults. settings_table() is the one list of them; the README's table is checked against it.
// Chart repositories are the exception: they come from the settings file and from Helm S3
// Exporter's environment, all of them together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/log.hpp"
#include "lookout/base/result.hpp"
#include "lookout/helm/release.hpp"
#include "lookout/kube/payload_decoder.hpp"
#include "lookout/repository/settings.hpp"
#include "lookout/state/release_join.hpp"

namespace lookout::cli {

// Whether releases are watched. kAuto: without a cluster, or when it refuses every list,
// repositories alone.
enum class ReleasesMode { kOn, kOff, kAuto };

struct Settings {
  std::vector<std::string> metrics_bind_addresses = {":9104"};
  std::vector<std::string> health_probe_bind_addresses = {":8081"};
  std::string metrics_path = "/metrics";
  std::string charts_path = "/charts";
  bool charts_page = true;
  bool charts_icons = false;
  bool auth_filter = false;
  std::string tls_cert_file;  // "": plain HTTP
  std::string tls_private_key_file;
  std::string client_ca_file;
  std::vector<std::string> auth_audiences;
  std::string auth_token_file;
  ReleasesMode releases = ReleasesMode::kOn;
  std::string kubeconfig;
  std::string context;
  std::vector<std::string> namespaces;  // empty: all, cluster-wide
  std::vector<std::string> namespaces_ignore;
  kube::StorageDriver storage_driver = kube::StorageDriver::kSecret;
  bool payloads = true;  // --payload=current
  helm::DecodeMode decode = helm::DecodeMode::kStop;
  std::vector<std::string> release_labels;
  std::size_t max_series = 0;  // 0: no limit
  std::uint32_t shard = 0;
  std::uint32_t total_shards = 1;
  log::Level log_level = log::Level::kInfo;
  log::Format log_format = log::Format::kText;
  std::vector<repository::RepositorySettings> repositories;
  std::vector<state::Pin> pins;

  bool operator==(const Settings&) const = default;
};

inline constexpr std::size_t kNamespacesMax = 64;  // one list/watch each

struct SettingRow {
  std::string_view flag;          // "metrics-bind-address"
  std::string_view default_text;  // as documented; "" = none
  std::string_view help;
  bool list = false;            // repeatable, comma-separated
  std::string_view alias = "";  // another exporter's environment variable
  // Parses the text into the struct; kInvalid says what is expected.
  std::function<Result<void>(Settings&, const std::vector<std::string>&)> apply;
};
const std::vector<SettingRow>& settings_table();

std::string environment_name(std::string_view flag);  // HELM_LOOKOUT_METRICS_BIND_ADDRESS
std::string file_key(std::string_view flag);          // metricsBindAddress

// What was given, by flag name; later sources are asked first.
using GivenValues = std::map<std::string, std::vector<std::string>>;

// From the process' environment, aliases included; a HELM_LOOKOUT_ variable that names no
// setting is kInvalid.
Result<GivenValues> values_from_environment(const std::map<std::string, std::string>& environment);
struct SettingsFile {
  GivenValues values;
  std::vector<repository::RepositorySettings> repositories;
  std::vector<state::Pin> pins;

  bool operator==(const SettingsFile&) const = default;
};
// kInvalid or kMalformed with the line; unknown keys are errors.
Result<SettingsFile> parse_settings_file(std::string_view yaml);

// Flags over environment over file over defaults; kInvalid in one line that names the setting
// and where it was given. With a repository of Helm S3 Exporter's environment the defaults are
// --releases=auto and its port 9571 beside ours.
struct GivenSources {
  GivenValues flags;
  GivenValues environment;
  SettingsFile file;
  std::optional<repository::RepositorySettings> s3_exporter;  // repository_from_environment()
};
Result<Settings> resolve_settings(const GivenSources& given, std::string_view host_name);

}  // namespace lookout::cli
