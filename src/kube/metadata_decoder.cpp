#include "lookout/kube/metadata_decoder.hpp"

#include "lookout/base/text.hpp"

#include "src/kube/object_stream.hpp"

namespace lookout::kube {

Result<WireFormat> wire_format(std::string_view media_type) {
  if (media_type == "application/vnd.kubernetes.protobuf") return WireFormat::kProtobuf;
  if (media_type == "application/json") return WireFormat::kJson;
  return Error{ErrorCode::kMalformed, "unexpected content type " + quote_bounded(media_type)};
}

class MetadataListDecoder::Format {
 public:
  Format(WireFormat format, ItemSink sink, const DecoderLimits& limits)
      : sink_(std::move(sink)),
        stream_(
            format, ObjectShape::kList, kPartialList,
            [this](const ObjectParts& parts) { sink_(parts.meta); }, limits) {}

  ObjectStream& stream() { return stream_; }

 private:
  const ItemSink sink_;
  ObjectStream stream_;
};

MetadataListDecoder::MetadataListDecoder(WireFormat format, ItemSink sink, DecoderLimits limits)
    : format_(std::make_unique<Format>(format, std::move(sink), limits)) {}
MetadataListDecoder::~MetadataListDecoder() = default;
MetadataListDecoder::MetadataListDecoder(MetadataListDecoder&&) noexcept = default;

Result<void> MetadataListDecoder::feed(std::string_view bytes) {
  return format_->stream().feed(bytes);
}

Result<ListEnd> MetadataListDecoder::finish() {
  Result<ListEnd> end = format_->stream().finish();
  if (end && end->resource_version.empty()) {
    return Error{ErrorCode::kMalformed, "the list has no resourceVersion"};
  }
  return end;
}

}  // namespace lookout::kube
