// The types of Helm's IndexFile and ChartVersion (pkg/repo/index.go, pkg/chart/metadata.go) as
// one static tree, as far as they decide which entries exist. Around the entries only what
// an index cannot do without has a type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace lookout::helm {

// Go types by what they accept; null is accepted by all of them.
enum class IndexShape : std::uint8_t {
  kAny,
  kString,
  kText,  // a string that sigs.k8s.io/yaml turns numbers and booleans into
  kBool,
  kTime,
  kStruct,
  kMap,
  kList,
};

// What a value means to us.
enum class IndexRole : std::uint8_t {
  kNone,
  kDocument,
  kIndexApiVersion,
  kEntries,
  kChart,  // the list of one chart's entries
  kEntry,
  kName,
  kVersion,
  kAppVersion,
  kType,
  kDeprecated,
  kCreated,
  kNode,   // where Metadata.Validate refuses null
  kAlias,  // of a dependency
  kDescription,
  kIcon,
};
inline constexpr std::size_t kIndexRoleCount = 16;

struct IndexField;

struct IndexNode {
  IndexShape shape = IndexShape::kAny;
  IndexRole role = IndexRole::kNone;
  std::span<const IndexField> fields{};  // kStruct
  const IndexNode* element = nullptr;    // kMap, kList; kStruct: of a key that is no field
};

struct IndexField {
  std::string_view name;
  const IndexNode* node;
};

const IndexNode& index_schema();
// A value that may be anything.
const IndexNode& untyped_node();

// The field that encoding/json would fill: the exact name, else one that is equal under Unicode
// case folding. nullptr for none.
const IndexField* find_field(const IndexNode& node, std::string_view key);

}  // namespace lookout::helm
