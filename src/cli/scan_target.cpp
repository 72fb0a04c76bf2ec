#include "src/cli/scan_target.hpp"

#include <algorithm>
#include <string>

#include "lookout/base/text.hpp"
#include "lookout/encoding/yaml.hpp"

#include "src/cli/repository_settings.hpp"

namespace lookout::cli {
namespace {

using encoding::Yaml;

void add_member(Yaml& mapping, const std::string& key, std::string value) {
  mapping.kind = Yaml::Kind::kMapping;
  Yaml scalar;
  scalar.kind = Yaml::Kind::kScalar;
  scalar.scalar = std::move(value);
  mapping.members.emplace_back(key, std::move(scalar));
}

Yaml& inner_mapping(Yaml& mapping, const std::string& key) {
  for (auto& [name, node] : mapping.members) {
    if (name == key) return node;
  }
  return mapping.members.emplace_back(key, Yaml()).second;
}

// The item of `repositories:` that says the same.
Yaml item_of(const ScanCommand& command) {
  Yaml item;
  add_member(item, "name", "scan");
  add_member(item, "url", command.target);
  for (const auto& [key, value] : command.keys) {
    const std::size_t dot = key.find('.');
    if (dot == std::string::npos) {
      add_member(item, key, value);
    } else {
      add_member(inner_mapping(item, key.substr(0, dot)), key.substr(dot + 1), value);
    }
  }
  return item;
}

}  // namespace

Result<repository::RepositorySettings> scan_target(const Settings& settings,
                                                   const ScanCommand& command) {
  if (command.target.find("://") != std::string::npos) {
    const Yaml item = item_of(command);
    return parse_repository(SettingsSection(item, "scan"));
  }
  const auto found = std::find_if(
      settings.repositories.begin(), settings.repositories.end(),
      [&](const repository::RepositorySettings& known) { return known.name == command.target; });
  if (found == settings.repositories.end()) {
    return Error{ErrorCode::kInvalid, "scan: " + quote_bounded(command.target) +
                                          " is neither a URL nor a repository of the settings"};
  }
  if (!command.keys.empty()) {
    return Error{ErrorCode::kInvalid, "scan: these flags go with a URL, not with a name"};
  }
  return *found;
}

}  // namespace lookout::cli
