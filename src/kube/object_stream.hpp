// A list of objects, or one object, in either wire format: what the decoders of metadata
// and of payloads have in common. Not thread-safe; stays where it was made.
#pragma once

#include <functional>
#include <string_view>
#include <variant>

#include "lookout/base/result.hpp"
#include "lookout/kube/metadata_decoder.hpp"

#include "src/kube/json_splitter.hpp"
#include "src/kube/object_json.hpp"
#include "src/kube/object_parts.hpp"
#include "src/kube/protobuf_walker.hpp"

namespace lookout::kube {

using ObjectSink = std::function<void(const ObjectParts&)>;

class ProtobufObjectStream {
 public:
  ProtobufObjectStream(ObjectShape shape, TypeMeta expected, ObjectSink sink,
                       const DecoderLimits& limits);

  Result<void> feed(std::string_view bytes) { return walker_.feed(bytes); }
  Result<ListEnd> finish() const { return walker_.finish(); }

 private:
  const ObjectSink sink_;
  ObjectParts parts_;
  ProtobufWalker walker_;
};

class JsonObjectStream {
 public:
  JsonObjectStream(ObjectShape shape, TypeMeta expected, ObjectSink sink,
                   const DecoderLimits& limits);

  Result<void> feed(std::string_view bytes) { return splitter_.feed(bytes); }
  Result<ListEnd> finish() const;

 private:
  Result<void> take(const JsonPart& part);
  Result<void> take_member(const JsonPart& part);
  Result<void> take_object(const JsonPart& part);
  Result<void> check_member(std::string_view text, std::string_view expected) const;

  const ObjectShape shape_;
  const TypeMeta expected_;
  const ObjectSink sink_;
  JsonObjectReader reader_;
  JsonObject object_;
  ListEnd end_;
  bool kind_seen_ = false;
  bool object_seen_ = false;
  JsonSplitter splitter_;
};

class ObjectStream {
 public:
  ObjectStream(WireFormat format, ObjectShape shape, TypeMeta expected, ObjectSink sink,
               const DecoderLimits& limits);
  ObjectStream(const ObjectStream&) = delete;
  ObjectStream& operator=(const ObjectStream&) = delete;

  Result<void> feed(std::string_view bytes);
  // kMalformed: incomplete. Empty for a single object.
  Result<ListEnd> finish() const;

 private:
  // The lambdas in them hold their address.
  std::variant<std::monostate, ProtobufObjectStream, JsonObjectStream> stream_;
};

}  // namespace lookout::kube
