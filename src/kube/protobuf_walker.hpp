// Walks an enveloped list or object as its bytes arrive, without holding more than one
// item: the lengths of the envelope and of the list, many megabytes, are only counted down.
//
// "k8s\0" + Unknown{1 TypeMeta, 2 raw}; raw is the object, or List{1 ListMeta, 2 items}.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/encoding/protobuf_wire.hpp"
#include "lookout/kube/metadata_decoder.hpp"

#include "src/kube/object_parts.hpp"
#include "src/kube/unit_buffer.hpp"

namespace lookout::kube {

enum class ObjectShape { kObject, kList };

class ProtobufWalker {
 public:
  // Views are valid during the call.
  using ItemSink = std::function<Result<void>(std::string_view message)>;
  ProtobufWalker(ObjectShape shape, TypeMeta expected, ItemSink sink, const DecoderLimits& limits);

  Result<void> feed(std::string_view bytes);
  // kMalformed when the envelope or what is in it is not complete. A single object has no end.
  Result<ListEnd> finish() const;

 private:
  enum class Place { kMagic, kEnvelope, kRaw };

  Result<Take> step(std::string_view bytes);
  Take skip(std::string_view bytes);
  Result<Take> read_magic(std::string_view bytes);
  Result<Take> read_envelope_field(std::string_view bytes);
  Result<Take> read_raw_field(std::string_view bytes);
  Result<Take> enter_raw(const encoding::ProtobufHeader& header);
  Result<Take> skip_field(const encoding::ProtobufHeader& header);
  // Passes the content to `use` once it is whole.
  template <class Use>
  Result<Take> whole_field(std::string_view bytes, const encoding::ProtobufHeader& header, Use use);

  const ObjectShape shape_;
  const TypeMeta expected_;
  const ItemSink sink_;
  const std::size_t item_bytes_max_;

  UnitBuffer units_;
  Place place_ = Place::kMagic;
  std::uint64_t skip_left_ = 0;
  std::uint64_t raw_left_ = 0;  // what of Unknown.raw is still to come
  bool kind_checked_ = false;
  bool raw_seen_ = false;
  ListEnd end_;
};

}  // namespace lookout::kube
