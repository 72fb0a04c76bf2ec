#include "src/kube/object_stream.hpp"

#include "src/kube/object_protobuf.hpp"
#include "src/kube/status_json.hpp"

namespace lookout::kube {

ProtobufObjectStream::ProtobufObjectStream(ObjectShape shape, TypeMeta expected, ObjectSink sink,
                                           const DecoderLimits& limits)
    : sink_(std::move(sink)),
      walker_(
          shape, expected,
          [this](std::string_view message) -> Result<void> {
            if (Result<void> read = read_object(message, parts_); !read) return read;
            sink_(parts_);
            return {};
          },
          limits) {}

JsonObjectStream::JsonObjectStream(ObjectShape shape, TypeMeta expected, ObjectSink sink,
                                   const DecoderLimits& limits)
    : shape_(shape),
      expected_(expected),
      sink_(std::move(sink)),
      splitter_(
          shape == ObjectShape::kList ? JsonSplitter::Shape::kList : JsonSplitter::Shape::kObjects,
          [this](const JsonPart& part) { return take(part); }, limits) {}

Result<void> JsonObjectStream::take(const JsonPart& part) {
  return part.kind == JsonPart::Kind::kMember ? take_member(part) : take_object(part);
}

Result<void> JsonObjectStream::check_member(std::string_view text,
                                            std::string_view expected) const {
  const Result<std::string> value = read_json_string(text);
  if (!value) return value.error();
  if (*value == expected) return {};
  const bool is_kind = expected == expected_.kind;
  return check_kind(is_kind ? TypeMeta{"", *value} : TypeMeta{*value, expected_.kind}, expected_);
}

Result<void> JsonObjectStream::take_member(const JsonPart& part) {
  if (part.key == "kind") {
    kind_seen_ = true;
    return check_member(part.piece.text, expected_.kind);
  }
  if (part.key == "apiVersion") return check_member(part.piece.text, expected_.api_version);
  if (part.key == "metadata") {
    std::optional<ListEnd> end = read_list_meta_json(part.piece.text);
    if (!end) return Error{ErrorCode::kMalformed, "the list's metadata is no JSON object"};
    end_ = *std::move(end);
  }
  if (part.key == "items" && part.piece.text != "null") {
    return Error{ErrorCode::kMalformed, "the list's items are no array"};
  }
  return {};
}

Result<void> JsonObjectStream::take_object(const JsonPart& part) {
  const auto shape = JsonObjectReader::Shape::kObject;
  if (Result<void> read = reader_.read(part.piece, shape, object_); !read) return read;
  if (part.kind == JsonPart::Kind::kObject) {
    if (object_seen_) return Error{ErrorCode::kMalformed, "more than one object"};
    if (Result<void> kind = check_kind(object_.type(), expected_); !kind) return kind;
  }
  object_seen_ = true;
  sink_(object_.parts);
  return {};
}

Result<ListEnd> JsonObjectStream::finish() const {
  const Result<void> whole = splitter_.finish();
  if (!whole) return whole.error();
  const bool complete = shape_ == ObjectShape::kList ? kind_seen_ : object_seen_;
  if (!complete) return Error{ErrorCode::kMalformed, "the answer has no kind"};
  return end_;
}

ObjectStream::ObjectStream(WireFormat format, ObjectShape shape, TypeMeta expected, ObjectSink sink,
                           const DecoderLimits& limits) {
  if (format == WireFormat::kProtobuf) {
    stream_.emplace<ProtobufObjectStream>(shape, expected, std::move(sink), limits);
  } else {
    stream_.emplace<JsonObjectStream>(shape, expected, std::move(sink), limits);
  }
}

Result<void> ObjectStream::feed(std::string_view bytes) {
  if (auto* protobuf = std::get_if<ProtobufObjectStream>(&stream_)) return protobuf->feed(bytes);
  return std::get_if<JsonObjectStream>(&stream_)->feed(bytes);
}

Result<ListEnd> ObjectStream::finish() const {
  if (const auto* protobuf = std::get_if<ProtobufObjectStream>(&stream_)) {
    return protobuf->finish();
  }
  return std::get_if<JsonObjectStream>(&stream_)->finish();
}

}  // namespace lookout::kube
