#include "lookout/kube/payload_decoder.hpp"

#include "src/kube/object_stream.hpp"

namespace lookout::kube {
namespace {

TypeMeta expected_kind(PayloadDecoder::Shape shape, StorageDriver driver) {
  const bool list = shape == PayloadDecoder::Shape::kList;
  if (driver == StorageDriver::kSecret) return {"v1", list ? "SecretList" : "Secret"};
  return {"v1", list ? "ConfigMapList" : "ConfigMap"};
}

// Kubernetes puts base64 of its own around a Secret's values, in JSON only.
helm::PayloadEncoding payload_encoding(WireFormat format, StorageDriver driver) {
  const bool doubled = format == WireFormat::kJson && driver == StorageDriver::kSecret;
  return doubled ? helm::PayloadEncoding::kDoubleBase64 : helm::PayloadEncoding::kBase64;
}

}  // namespace

std::string_view resource_name(StorageDriver driver) {
  return driver == StorageDriver::kSecret ? "secrets" : "configmaps";
}

class PayloadDecoder::Format {
 public:
  Format(WireFormat format, ObjectShape shape, TypeMeta expected, helm::PayloadEncoding encoding,
         ObjectSink sink, const DecoderLimits& limits)
      : encoding_(encoding),
        sink_(std::move(sink)),
        stream_(
            format, shape, expected,
            [this](const ObjectParts& parts) {
              sink_(PayloadObject{parts.meta, parts.release, encoding_});
            },
            limits) {}

  ObjectStream& stream() { return stream_; }

 private:
  const helm::PayloadEncoding encoding_;
  const ObjectSink sink_;
  ObjectStream stream_;
};

PayloadDecoder::PayloadDecoder(WireFormat format, Shape shape, StorageDriver driver,
                               ObjectSink sink, DecoderLimits limits)
    : format_(std::make_unique<Format>(
          format, shape == Shape::kList ? ObjectShape::kList : ObjectShape::kObject,
          expected_kind(shape, driver), payload_encoding(format, driver), std::move(sink),
          limits)) {}
PayloadDecoder::~PayloadDecoder() = default;
PayloadDecoder::PayloadDecoder(PayloadDecoder&&) noexcept = default;

Result<void> PayloadDecoder::feed(std::string_view bytes) {
  return format_->stream().feed(bytes);
}

Result<void> PayloadDecoder::finish() {
  const Result<ListEnd> end = format_->stream().finish();
  if (!end) return end.error();
  return {};
}

}  // namespace lookout::kube
