// Kubernetes objects and watch events in JSON, one framed value at a time. Strings that the
// framer noted are kept from the parser: it sees a mark (NUL and their index) instead, so a
// payload is neither scanned nor copied by it.
//
// Not thread-safe; reuses its memory from one value to the next.
#pragma once

#include <string>
#include <string_view>

#include "lookout/base/result.hpp"

#include "src/kube/cleansed_bytes.hpp"
#include "src/kube/json_framer.hpp"
#include "src/kube/object_parts.hpp"

namespace lookout::kube {

struct JsonObject {
  ObjectParts parts;
  std::string kind;
  std::string api_version;
  std::string event_type;  // of a watch event
  bool has_object = false;

  TypeMeta type() const { return {api_version, kind}; }
};

class JsonObjectReader {
 public:
  enum class Shape {
    kObject,
    kWatchEvent,  // {"type": ..., "object": {...}}
  };

  JsonObjectReader() = default;
  JsonObjectReader(const JsonObjectReader&) = delete;
  JsonObjectReader& operator=(const JsonObjectReader&) = delete;

  // Views in the object are valid until the next read, and as long as the piece is.
  // kMalformed: not JSON, or a field that we know of another type; kTooLarge (labels).
  Result<void> read(const JsonPiece& piece, Shape shape, JsonObject& object);

 private:
  std::string_view shorten(const JsonPiece& piece);

  CleansedBytes short_text_;
  CleansedBytes payload_;  // data.release when it has escapes
};

// A string value. kMalformed for anything else.
Result<std::string> read_json_string(std::string_view text);

}  // namespace lookout::kube
