// Which JSON types Helm's structs take, as one static tree: what encoding/json refuses
// for release.Release of Helm 3.22 (pkg/release, pkg/chart), no more and no less.
// Helm 4's own additions (apply_method, schemamodtime, modtime) are unknown keys here.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace lookout::helm {

// Go types by what they accept; null is accepted by all of them.
enum class Shape : std::uint8_t {
  kAny,   // interface{}, and keys that no struct has
  kNull,  // runtime.Object: an interface that nothing but null fits
  kString,
  kBool,
  kInt,       // int64
  kByte,      // element of a []byte written as an array
  kBytes,     // []byte: base64, or an array of kByte
  kHelmTime,  // RFC 3339 or ""
  kGoTime,    // RFC 3339
  kStruct,
  kMap,
  kList,
};

// What a value means to us.
enum class Fact : std::uint8_t {
  kNone,
  kInfo,
  kStatus,
  kFirstDeployed,
  kLastDeployed,
  kChart,
  kMetadata,
  kChartName,
  kChartVersion,
  kAppVersion,
  kDeprecated,
};

struct SchemaField;

struct Schema {
  Shape shape = Shape::kAny;
  std::span<const SchemaField> fields{};  // kStruct
  const Schema* element = nullptr;        // kMap, kList, kBytes
};

struct SchemaField {
  std::string_view name;
  const Schema* schema;
  Fact fact = Fact::kNone;
};

const Schema& release_schema();

// Whether encoding/json takes `key` for the field `name`: equal under Unicode case folding
// (U+017F is an s, U+212A a k).
bool equals_folded(std::string_view name, std::string_view key);

// The field that encoding/json would fill: the exact name, else the first that equals_folded.
// nullptr for none.
const SchemaField* find_field(const Schema& schema, std::string_view key);

}  // namespace lookout::helm
