// Docker's config.json: who we are to a registry. Pure.
// Format (docker/cli, cli/config/configfile):
//   {"auths": {"registry.example.org": {"auth": base64("user:password")},
//              "https://index.docker.io/v1/": {"username": "u", "password": "p"},
//              "other.example.org/team": {"identitytoken": "..."}},
//    "credHelpers": {"gcr.io": "gcloud"}, "credsStore": "pass"}
// Keys name a registry with or without scheme and path, Docker Hub by any of its names. A path
// narrows an entry to what is below it, as in Kubernetes; "/v1" and "/v2" are no paths.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"

namespace lookout::repository {

inline constexpr std::size_t kDockerConfigBytesMax = 1U << 20;
inline constexpr std::size_t kDockerConfigEntriesMax = 1'000;

// Proofs of identity, the strongest first; none: anonymous.
struct RegistryLogin {
  std::string registry_token;  // a bearer token for the registry itself
  std::string identity_token;  // to be exchanged at the token endpoint (OAuth2 refresh token)
  std::string username;
  std::string password;

  bool anonymous() const {
    return registry_token.empty() && identity_token.empty() && username.empty() && password.empty();
  }
  bool operator==(const RegistryLogin&) const = default;
};

// A registry, or what is below `path` in it.
struct RegistryKey {
  std::string host;  // lower case, with the port when given; "docker.io" for Docker Hub
  std::string path;  // without slashes at its ends

  bool operator==(const RegistryKey&) const = default;
};
RegistryKey parse_registry_key(std::string_view text);

struct DockerConfig {
  struct Entry {
    RegistryKey key;
    std::string auth;  // base64; wins over username and password
    RegistryLogin login;

    bool operator==(const Entry&) const = default;
  };
  struct CredentialProgram {
    RegistryKey key;
    std::string name;

    bool operator==(const CredentialProgram&) const = default;
  };
  std::vector<Entry> auths;
  std::vector<CredentialProgram> programs;  // credHelpers
  std::string store;                        // credsStore; "" = none

  bool operator==(const DockerConfig&) const = default;
};

// kMalformed, kTooLarge; messages quote nothing of the text.
Result<DockerConfig> parse_docker_config(std::string_view json);

// The name behind "docker-credential-" that knows this registry: its own, else the store; ""
// when there is none.
std::string_view credential_program(const DockerConfig& config, std::string_view host);

// Of the entry whose path is the longest that `path` is below. nullopt: none for it.
// kMalformed: its `auth` is no base64 of "user:password".
Result<std::optional<RegistryLogin>> find_login(const DockerConfig& config, std::string_view host,
                                                std::string_view path);

}  // namespace lookout::repository
