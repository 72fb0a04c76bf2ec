// YAML out of Yaml values: block style, as a person would write it, in scalars that read back as
// the same text and the same type, whatever they hold.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/encoding/yaml.hpp"

namespace lookout::cli {

// A string, whatever it looks like.
encoding::Yaml yaml_text(std::string text);
// A scalar whose look is its type: true, 9104.
encoding::Yaml yaml_plain(std::string text);
encoding::Yaml yaml_mapping(std::vector<std::pair<std::string, encoding::Yaml>> members);
encoding::Yaml yaml_list(std::vector<encoding::Yaml> items);

// Nothing in it: null, "", {}, [].
bool is_empty(const encoding::Yaml& value);
// "" when it is no scalar.
std::string scalar_of(const encoding::Yaml* value);
// The value at "a.b.c"; nullptr when there is none.
const encoding::Yaml* find_path(const encoding::Yaml& root, std::string_view path);
// The value at "a.b.c", made with the mappings above it.
encoding::Yaml& make_path(encoding::Yaml& root, std::string_view path);

// The member of that name, made when there is none; `key` may hold dots.
encoding::Yaml& make_member(encoding::Yaml& mapping, std::string_view key);

// Lines of `value`, each ended; "{}\n" for an empty mapping.
std::string render_yaml(const encoding::Yaml& value);

}  // namespace lookout::cli
