// What a scalar of an index is: the types that go.yaml.in/yaml/v2, which Helm reads YAML with,
// gives to a text without quotes (YAML 1.1 with y and n, without base 60).
#pragma once

#include <string>
#include <string_view>

namespace lookout::helm {

struct IndexScalar {
  enum class Kind {
    kNull,
    kBool,
    kNumber,
    kString,
    kConflict,  // the tag says one type, the text is of another
  };

  Kind kind = Kind::kNull;
  std::string_view text{};
  bool truth = false;  // kBool
};

// `tag` is the whole one, "" for none; `plain` is a text without quotes or tag.
IndexScalar resolve_scalar(std::string_view text, std::string_view tag, bool plain);

// As sigs.k8s.io/yaml writes a key that is a boolean or number: `0x10:` is the key "16".
// REQUIRES: kind is kBool, kNumber or kString
std::string key_text(const IndexScalar& key);

}  // namespace lookout::helm
