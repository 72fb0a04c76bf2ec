// One mapping of the settings file, read key by key. An unknown key, else the first mistake, is
// kept and names its line and where it is: "line 7: repositories[0].auth: unknown key \"user\"".
// No message quotes a secret.
#pragma once

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/encoding/yaml.hpp"
#include "lookout/repository/settings.hpp"

namespace lookout::cli {

class SettingsSection {
 public:
  // `node` outlives this. Null is an empty mapping. `path`: "repositories[0]".
  SettingsSection(const encoding::Yaml& node, std::string path);

  // Absent or null: "" (false, nullopt, {}). A value that is `${NAME}` in part is a mistake.
  std::string text(std::string_view key);
  bool flag(std::string_view key);
  std::optional<std::chrono::milliseconds> duration(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  // One of KEY, KEYFile and KEYEnv.
  repository::Secret secret(std::string_view key);
  // A value of a closed set; its place in it, 0 when absent.
  std::size_t one_of(std::string_view key, std::initializer_list<std::string_view> words);
  bool has(std::string_view key) const { return node_.find(key) != nullptr; }

  // A mapping under `key`, to be read and then given back to check().
  SettingsSection section(std::string_view key);
  // The items of a list of mappings; at most `count_max`.
  std::vector<SettingsSection> sections(std::string_view key, std::size_t count_max);
  // Takes over the mistake of an inner section.
  void check(const SettingsSection& inner);

  // Keeps `message` ("expected ...") about `key` ("" = the whole section) if it is the first.
  void fail(std::string_view key, std::string_view message);
  const std::string& path() const { return path_; }
  // Once every key has been read.
  Result<void> result() const;

 private:
  const encoding::Yaml* value(std::string_view key);
  std::string scalar(std::string_view key, const encoding::Yaml& value);
  void fail_at(const encoding::Yaml& at, std::string_view key, std::string_view message);

  const encoding::Yaml& node_;
  std::string path_;
  std::set<std::string, std::less<>> known_;
  std::optional<Error> error_;
};

// The items of `list`, which is at `path` and outlives them; at most `count_max`.
Result<std::vector<SettingsSection>> list_sections(const encoding::Yaml& list,
                                                   const std::string& path, std::size_t count_max);

}  // namespace lookout::cli
