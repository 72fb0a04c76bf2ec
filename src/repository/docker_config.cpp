#include "src/repository/docker_config.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"

#include "src/repository/walk_json.hpp"

namespace lookout::repository {
namespace {

constexpr std::array<std::string_view, 4> kDockerHubNames = {
    "docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"};

std::string_view without_slashes(std::string_view text) {
  while (text.starts_with('/')) text.remove_prefix(1);
  while (text.ends_with('/')) text.remove_suffix(1);
  return text;
}

// The entry of that key; members of one entry stand together.
DockerConfig::Entry& entry_of(DockerConfig& config, const std::string& key, std::string& last_key) {
  if (config.auths.empty() || key != last_key) {
    config.auths.push_back({parse_registry_key(key), "", {}});
    last_key = key;
  }
  return config.auths.back();
}

void take_member(DockerConfig::Entry& entry, std::string_view name, std::string_view text) {
  if (name == "auth") entry.auth = text;
  if (name == "username") entry.login.username = text;
  if (name == "password") entry.login.password = text;
  if (name == "identitytoken") entry.login.identity_token = text;
  if (name == "registrytoken") entry.login.registry_token = text;
}

bool is_below(std::string_view path, std::string_view folder) {
  return folder.empty() || path == folder ||
         (path.starts_with(folder) && path[folder.size()] == '/');
}

// "user:password"; Docker once wrote zero bytes behind the password.
Result<RegistryLogin> read_login(const DockerConfig::Entry& entry) {
  RegistryLogin login = entry.login;
  if (entry.auth.empty()) return login;
  const Result<std::string> text = encoding::base64_decode(entry.auth);
  const std::size_t colon = text.ok() ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return Error{ErrorCode::kMalformed,
                 "its auth of " + quote_bounded(entry.key.host) + " is no base64 of user:password"};
  }
  login.username = text->substr(0, colon);
  login.password = text->substr(colon + 1);
  login.password.resize(login.password.find_last_not_of('\0') + 1);
  return login;
}

}  // namespace

RegistryKey parse_registry_key(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (scheme_end != std::string_view::npos) text.remove_prefix(scheme_end + 3);
  const std::size_t slash = std::min(text.find('/'), text.size());
  RegistryKey key{to_lower(text.substr(0, slash)),
                  std::string(without_slashes(text.substr(slash)))};
  if (key.path == "v1" || key.path == "v2") key.path.clear();
  const bool hub =
      std::find(kDockerHubNames.begin(), kDockerHubNames.end(), key.host) != kDockerHubNames.end();
  if (hub) key.host = kDockerHubNames.front();
  return key;
}

Result<DockerConfig> parse_docker_config(std::string_view json) {
  if (json.size() > kDockerConfigBytesMax) {
    return Error{ErrorCode::kTooLarge, "larger than 1 MiB"};
  }
  DockerConfig config;
  std::string last_key;
  bool is_object = false;
  const Result<void> walked = walk_json(json, [&](JsonPath path, const JsonValue& value) {
    if (path.empty()) is_object = std::holds_alternative<JsonContainer>(value);
    if (config.auths.size() + config.programs.size() > kDockerConfigEntriesMax) return;
    const std::string_view text = text_of(value);
    if (path_is(path, {"credsStore"})) config.store = text;
    if (path.size() == 2 && path[0] == "credHelpers" && !text.empty()) {
      config.programs.push_back({parse_registry_key(path[1]), std::string(text)});
    }
    if (path.size() == 3 && path[0] == "auths" && !text.empty()) {
      take_member(entry_of(config, path[1], last_key), path[2], text);
    }
  });
  if (!walked.ok()) return walked.error();
  if (!is_object) return Error{ErrorCode::kMalformed, "no JSON object"};
  if (config.auths.size() + config.programs.size() > kDockerConfigEntriesMax) {
    return Error{ErrorCode::kTooLarge, "more than 1000 entries"};
  }
  return config;
}

std::string_view credential_program(const DockerConfig& config, std::string_view host) {
  const RegistryKey wanted = parse_registry_key(host);
  const auto own =
      std::find_if(config.programs.begin(), config.programs.end(),
                   [&](const auto& program) { return program.key.host == wanted.host; });
  return own == config.programs.end() ? config.store : own->name;
}

Result<std::optional<RegistryLogin>> find_login(const DockerConfig& config, std::string_view host,
                                                std::string_view path) {
  const RegistryKey wanted = parse_registry_key(host);
  const DockerConfig::Entry* best = nullptr;
  for (const DockerConfig::Entry& entry : config.auths) {
    if (entry.key.host != wanted.host || !is_below(path, entry.key.path)) continue;
    if (best == nullptr || entry.key.path.size() > best->key.path.size()) best = &entry;
  }
  if (best == nullptr) return std::optional<RegistryLogin>();
  Result<RegistryLogin> login = read_login(*best);
  if (!login.ok()) return login.error();
  return std::optional<RegistryLogin>(std::move(*login));
}

}  // namespace lookout::repository
