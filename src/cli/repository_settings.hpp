// `repositories:` and `pins:` of the settings file. Every key is checked here, so that a mistake
// stops the start (or the reload) with one line; whether a repository answers is for its scans
// to say. docs/repositories.md lists the keys.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/encoding/yaml.hpp"
#include "lookout/repository/settings.hpp"
#include "lookout/state/release_join.hpp"

#include "src/cli/settings_section.hpp"

namespace lookout::cli {

inline constexpr std::size_t kPinsMax = 10'000;
inline constexpr std::chrono::seconds kIntervalMin{1};  // or 0: once
inline constexpr std::chrono::seconds kTimeoutMin{1};
inline constexpr std::chrono::minutes kTimeoutMax{60};

// kInvalid in one line with line, place and what was expected; never a secret.
Result<std::vector<repository::RepositorySettings>> parse_repositories(const encoding::Yaml& list);
Result<repository::RepositorySettings> parse_repository(SettingsSection section);
Result<std::vector<state::Pin>> parse_pins(const encoding::Yaml& list);

// What only all together can say: names are unique, there are not too many, pins name one.
Result<void> check_repositories(const std::vector<repository::RepositorySettings>& repositories,
                                const std::vector<state::Pin>& pins);

}  // namespace lookout::cli
