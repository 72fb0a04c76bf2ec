#include "src/cli/settings_sources.hpp"

#include <utility>

#include "lookout/system/files.hpp"

#include "src/cli/s3_exporter_environment.hpp"

namespace lookout::cli {
namespace {

using Environment = std::map<std::string, std::string>;

std::string value(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

Result<void> read_config(SettingsSources& out) {
  if (out.config_file.empty()) return {};
  auto text = system::read_file(out.config_file);
  if (!text) return Error{ErrorCode::kInvalid, "--config: " + text.error().message};
  auto file = parse_settings_file(*text);
  if (!file) {
    return Error{ErrorCode::kInvalid, "--config " + out.config_file + ": " + file.error().message};
  }
  out.config_text = std::move(*text);
  out.given.file = std::move(*file);
  return {};
}

}  // namespace

Result<SettingsSources> read_sources(const Arguments& arguments, const Environment& environment) {
  SettingsSources out;
  // HOSTNAME is the node's with hostNetwork; a pod may be told its own name as POD_NAME.
  out.host_name = value(environment, "POD_NAME");
  if (out.host_name.empty()) out.host_name = value(environment, "HOSTNAME");
  out.config_file = arguments.config_file.empty() ? value(environment, "HELM_LOOKOUT_CONFIG")
                                                  : arguments.config_file;
  out.given.flags = arguments.flags;
  auto variables = values_from_environment(environment);
  if (!variables) return variables.error();
  out.given.environment = std::move(*variables);
  auto s3_exporter = repository_from_environment(environment);
  if (!s3_exporter) return s3_exporter.error();
  out.given.s3_exporter = std::move(*s3_exporter);
  if (const auto read = read_config(out); !read) return read.error();
  return out;
}

}  // namespace lookout::cli
