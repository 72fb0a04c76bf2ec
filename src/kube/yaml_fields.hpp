// Members of a YAML mapping into typed variables, each named in one line when its type is wrong.
// Absent and null leave the variable as it is; unknown members are ignored (kubectl too).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/encoding/yaml.hpp"

namespace lookout::kube {

// After the first wrong member nothing more is read.
class YamlFields {
 public:
  // `where` begins every message: "/path: users[0].user". `node` outlives this.
  YamlFields(const encoding::Yaml& node, std::string where);

  YamlFields& text(std::string_view key, std::string& into);
  // YAML 1.1 booleans: true, yes, on, y and their opposites.
  YamlFields& flag(std::string_view key, bool& into);
  YamlFields& base64(std::string_view key, std::string& into);
  YamlFields& texts(std::string_view key, std::vector<std::string>& into);

  // nullptr when absent, null or (a failure) of another kind.
  const encoding::Yaml* mapping(std::string_view key);
  const encoding::Yaml* sequence(std::string_view key);

  std::string where(std::string_view key) const { return where_ + "." + std::string(key); }
  Result<void> result() const;
  void fail(std::string_view key, const std::string& what);

 private:
  const encoding::Yaml* member(std::string_view key) const;
  const encoding::Yaml* member_of_kind(std::string_view key, encoding::Yaml::Kind kind,
                                       const char* expected);

  const encoding::Yaml& node_;
  const std::string where_;
  std::optional<Error> error_;
};

}  // namespace lookout::kube
