#include "src/kube/exec_plugin.hpp"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/system/files.hpp"
#include "lookout/system/process.hpp"

namespace lookout::kube {
namespace {

constexpr std::size_t kPluginOutputBytesMax = 1U << 20;

Error plugin_error(const ExecPlugin& plugin, const std::string& what) {
  return {ErrorCode::kUnauthorized,
          "credential plugin " + quote_bounded(plugin.command) + ": " + what};
}

// "IfAvailable" and "Always" hand the terminal over when there is one.
bool wants_terminal(const ExecPlugin& plugin) {
  return plugin.interactive_mode != "Never" && ::isatty(STDIN_FILENO) == 1;
}

system::Command command_of(const ClusterConfig& config, std::string_view ca_pem) {
  const ExecPlugin& plugin = *config.exec;
  system::Command command;
  command.arguments.push_back(plugin.command);
  command.arguments.insert(command.arguments.end(), plugin.args.begin(), plugin.args.end());
  command.inherit_stdin = wants_terminal(plugin);
  command.environment = system::environment();
  for (const auto& [name, value] : plugin.env) command.environment[name] = value;
  command.environment["KUBERNETES_EXEC_INFO"] =
      exec_info_json({plugin.api_version, command.inherit_stdin,
                      plugin.provide_cluster_info ? &config : nullptr, ca_pem});
  command.timeout = plugin.time_limit;
  command.stdout_bytes_max = kPluginOutputBytesMax;
  return command;
}

std::string describe_failure(const ExecPlugin& plugin, const Error& error) {
  std::string text = error.code == ErrorCode::kNotFound ? "no such program" : error.message;
  if (error.code == ErrorCode::kNotFound && !plugin.install_hint.empty()) {
    text += "; " + quote_bounded(plugin.install_hint);
  }
  return text;
}

}  // namespace

Result<ExecCredential> run_exec_plugin(const ClusterConfig& config, std::string_view ca_pem,
                                       std::stop_token stop) {
  const ExecPlugin& plugin = *config.exec;
  const system::Command command = command_of(config, ca_pem);
  if (plugin.interactive_mode == "Always" && !command.inherit_stdin) {
    return plugin_error(plugin, "needs a terminal (interactiveMode Always)");
  }
  const Result<system::CommandOutput> output = system::run_command(command, std::move(stop));
  if (!output.ok()) {
    if (output.error().code == ErrorCode::kCancelled) return output.error();
    return plugin_error(plugin, describe_failure(plugin, output.error()));
  }
  if (output->exit_code != 0) {
    return plugin_error(plugin, "exit code " + std::to_string(output->exit_code));
  }
  Result<ExecCredential> credential =
      parse_exec_credential(output->standard_output, plugin.api_version);
  if (!credential.ok()) return plugin_error(plugin, credential.error().message);
  return credential;
}

}  // namespace lookout::kube
