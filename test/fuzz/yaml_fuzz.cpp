// Whatever is read keeps within the limits, and no mapping has a name twice.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "lookout/encoding/yaml.hpp"

using lookout::encoding::Yaml;
using lookout::encoding::YamlLimits;

namespace {

struct Size {
  std::size_t nodes = 0;
  std::size_t depth = 0;
};

void measure(const Yaml& value, std::size_t depth, Size& size) {
  ++size.nodes;
  size.depth = std::max(size.depth, depth);
  for (const Yaml& item : value.items) measure(item, depth + 1, size);
  std::set<std::string_view> names;
  for (const auto& [name, member] : value.members) {
    if (!names.insert(name).second) std::abort();
    measure(member, depth + 1, size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  YamlLimits limits;
  limits.bytes_max = 64 * 1024;
  limits.depth_max = 12;
  limits.nodes_max = 2'000;
  const auto value = parse_yaml({reinterpret_cast<const char*>(bytes), size}, limits);
  if (!value.ok()) return 0;
  Size read;
  measure(*value, 1, read);
  if (read.nodes > limits.nodes_max || read.depth > limits.depth_max) std::abort();
  return 0;
}
