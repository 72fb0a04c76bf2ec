// Splits a JSON stream into the values that matter: the items and the other members of a
// list document, or a sequence of objects with any white space between them (a watch, a
// single object). Memory is one value.
//
// A list is {"kind": ..., "apiVersion": ..., "metadata": {...}, "items": [...] | null} with
// its keys in any order. Not thread-safe.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/kube/metadata_decoder.hpp"

#include "src/kube/json_framer.hpp"

namespace lookout::kube {

struct JsonPart {
  enum class Kind { kMember, kItem, kObject };
  Kind kind;
  std::string_view key;  // kMember, without its quotes
  JsonPiece piece;
};

class JsonSplitter {
 public:
  enum class Shape { kList, kObjects };
  // Views are valid during the call. An error from the sink ends feed().
  using PartSink = std::function<Result<void>(const JsonPart&)>;

  JsonSplitter(Shape shape, PartSink sink, const DecoderLimits& limits);

  // kMalformed: what is between the values is not JSON; kTooLarge.
  Result<void> feed(std::string_view bytes);
  // kMalformed: the list is not complete, or the stream ended inside a value.
  Result<void> finish() const;

 private:
  // What may come next between values.
  enum class Expect {
    kObject,
    kList,
    kKeyOrEnd,
    kKey,
    kColon,
    kMember,
    kMemberCommaOrEnd,
    kItemOrEnd,
    kItem,
    kItemCommaOrEnd,
    kNothing,
  };

  // Takes one byte between values; false: a value starts at it.
  Result<bool> take_mark(char c);
  Result<void> take_value();
  Result<bool> move_to(Expect next);
  static Error unexpected(char c);

  const PartSink sink_;
  JsonFramer framer_;
  Expect expect_;
  bool framing_ = false;
  std::string key_;
};

}  // namespace lookout::kube
