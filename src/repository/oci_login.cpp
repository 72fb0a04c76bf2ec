#include "src/repository/oci_login.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/system/files.hpp"
#include "lookout/system/process.hpp"

#include "src/repository/secret_value.hpp"
#include "src/repository/walk_json.hpp"

namespace lookout::repository {
namespace {

constexpr std::chrono::milliseconds kProgramTimeout{20'000};
constexpr std::size_t kPathShownBytesMax = 256;
// What every program of the collection writes, to standard output, with exit code 1.
constexpr std::string_view kUnknownRegistry = "credentials not found";
// Docker Hub's name in all stores.
constexpr std::string_view kDockerHubServer = "https://index.docker.io/v1/";

std::string variable(const aws::Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? "" : found->second;
}

// "" when there is no place for one.
std::string default_config_path(const aws::Environment& environment) {
  const std::string folder = variable(environment, "DOCKER_CONFIG");
  if (!folder.empty()) return folder + "/config.json";
  const std::string home = variable(environment, "HOME");
  return home.empty() ? "" : home + "/.docker/config.json";
}

Result<DockerConfig> read_docker_config(const OciSource& source,
                                        const aws::Environment& environment) {
  const bool named = !source.docker_config_file.empty();
  const std::string path = named ? source.docker_config_file : default_config_path(environment);
  if (path.empty()) return DockerConfig();
  const Result<std::string> text = system::read_file(path, kDockerConfigBytesMax);
  if (!text.ok()) {
    const bool absent = text.error().code == ErrorCode::kNotFound;
    if (absent && !named) return DockerConfig();
    return Error{ErrorCode::kInvalid, text.error().message};
  }
  Result<DockerConfig> config = parse_docker_config(*text);
  if (config.ok()) return config;
  return Error{ErrorCode::kInvalid, "docker configuration " +
                                        quote_bounded(path, kPathShownBytesMax) + ": " +
                                        config.error().message};
}

// A name becomes part of a program's: no path.
bool is_program_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

Error program_error(std::string_view name, const std::string& what) {
  return {ErrorCode::kInvalid,
          "credential program docker-credential-" + std::string(name) + ": " + what};
}

// Anonymous when the program does not know the registry.
Result<RegistryLogin> run_credential_program(std::string_view name, const std::string& host,
                                             const aws::Environment& environment,
                                             std::stop_token stop) {
  if (!is_program_name(name)) {
    return Error{ErrorCode::kInvalid, "no name of a credential program: " + quote_bounded(name)};
  }
  system::Command command;
  command.arguments = {"docker-credential-" + std::string(name), "get"};
  command.environment = environment;
  command.timeout = kProgramTimeout;
  command.stdout_bytes_max = kCredentialBytesMax;
  const RegistryKey key = parse_registry_key(host);
  command.standard_input = key.host == "docker.io" ? kDockerHubServer : key.host;
  const Result<system::CommandOutput> output = system::run_command(command, std::move(stop));
  if (!output.ok()) {
    if (output.error().code == ErrorCode::kCancelled) return output.error();
    const bool missing = output.error().code == ErrorCode::kNotFound;
    return program_error(name, missing ? "no such program" : output.error().message);
  }
  if (output->exit_code != 0) {
    if (output->standard_output.starts_with(kUnknownRegistry)) return RegistryLogin();
    return program_error(name, "exit code " + std::to_string(output->exit_code));
  }
  Result<RegistryLogin> login = parse_program_login(output->standard_output);
  if (!login.ok()) return program_error(name, login.error().message);
  return login;
}

Result<RegistryLogin> read_settings_login(const HttpAuth& auth,
                                          const aws::Environment& environment) {
  RegistryLogin login;
  const std::pair<const Secret*, std::string*> parts[] = {
      {&auth.bearer_token, &login.registry_token},
      {&auth.username, &login.username},
      {&auth.password, &login.password}};
  for (const auto& [secret, into] : parts) {
    Result<std::string> text = read_secret(*secret, environment);
    if (!text.ok()) return text.error();
    *into = std::move(*text);
  }
  return login;
}

}  // namespace

Result<RegistryLogin> parse_program_login(std::string_view json) {
  std::string username;
  std::string secret;
  const Result<void> walked = walk_json(json, [&](JsonPath path, const JsonValue& value) {
    if (path_is(path, {"Username"})) username = text_of(value);
    if (path_is(path, {"Secret"})) secret = text_of(value);
  });
  if (!walked.ok()) return Error{ErrorCode::kMalformed, "its output is no JSON"};
  if (secret.empty()) return Error{ErrorCode::kMalformed, "no secret in its output"};
  RegistryLogin login;
  if (username == "<token>") {
    login.identity_token = std::move(secret);
  } else {
    login.username = std::move(username);
    login.password = std::move(secret);
  }
  return login;
}

Result<RegistryLogin> read_registry_login(const OciSource& source,
                                          const aws::Environment& environment,
                                          std::stop_token stop) {
  Result<RegistryLogin> own = read_settings_login(source.auth, environment);
  if (!own.ok() || !own->anonymous()) return own;
  const Result<DockerConfig> config = read_docker_config(source, environment);
  if (!config.ok()) return config.error();
  const std::string_view program = credential_program(*config, source.host);
  if (!program.empty()) {
    Result<RegistryLogin> login =
        run_credential_program(program, source.host, environment, std::move(stop));
    if (!login.ok() || !login->anonymous()) return login;
  }
  Result<std::optional<RegistryLogin>> login = find_login(*config, source.host, source.path);
  if (!login.ok()) {
    return Error{ErrorCode::kInvalid, "docker configuration: " + login.error().message};
  }
  return (*login).value_or(RegistryLogin());
}

}  // namespace lookout::repository
