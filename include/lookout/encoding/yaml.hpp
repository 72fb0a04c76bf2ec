// YAML 1.1 documents (JSON included) as one small value type, through libyaml. For settings,
// kubeconfigs and single objects; large files are read by events elsewhere.
// Scalars are text as written (`1.10` stays "1.10"), with a mark whether they were quoted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/base/result.hpp"

namespace lookout::encoding {

struct YamlLimits {
  std::size_t bytes_max = 4U << 20;
  std::size_t depth_max = 64;
  std::size_t nodes_max = 100'000;  // aliases count each time they are resolved
};

class Yaml {
 public:
  enum class Kind { kNull, kScalar, kSequence, kMapping };

  // Defined where Yaml is complete: clang instantiates `members` here otherwise.
  Yaml();
  ~Yaml();
  Yaml(const Yaml&);
  Yaml& operator=(const Yaml&);
  Yaml(Yaml&&) noexcept;
  Yaml& operator=(Yaml&&) noexcept;

  Kind kind = Kind::kNull;
  std::string scalar;
  bool quoted = false;
  std::size_t line = 0;  // 1-based, for messages
  std::vector<Yaml> items;                              // kSequence
  std::vector<std::pair<std::string, Yaml>> members;    // kMapping, in order

  // nullptr when absent or not a mapping.
  const Yaml* find(std::string_view key) const;
  bool is_null() const { return kind == Kind::kNull; }
};

// The first document. kMalformed with the line; duplicate keys are an error; kTooLarge.
Result<Yaml> parse_yaml(std::string_view text, const YamlLimits& limits = {});

}  // namespace lookout::encoding
