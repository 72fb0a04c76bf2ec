// Who we are to a registry: the settings' own credentials, else docker's config.json with the
// credential programs it names ("docker-credential-NAME get", github.com/docker/
// docker-credential-helpers: the registry's name in, {"Username": ..., "Secret": ...} out).
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "lookout/aws/credentials.hpp"
#include "lookout/base/result.hpp"
#include "lookout/repository/settings.hpp"

#include "src/repository/docker_config.hpp"

namespace lookout::repository {

inline constexpr std::size_t kCredentialBytesMax = 64U << 10;  // what a program may write

// What a credential program wrote. kMalformed; nothing of it is quoted.
Result<RegistryLogin> parse_program_login(std::string_view json);

// Anonymous when there is none: the default config.json need not exist, one that the settings
// name must. A program that does not know the registry leaves it to `auths`.
// kInvalid: a file or program that cannot be used, named; kCancelled.
Result<RegistryLogin> read_registry_login(const OciSource& source,
                                          const aws::Environment& environment,
                                          std::stop_token stop);

}  // namespace lookout::repository
