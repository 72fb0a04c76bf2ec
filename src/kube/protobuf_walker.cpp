#include "src/kube/protobuf_walker.hpp"

#include <algorithm>
#include <limits>

#include "src/kube/object_protobuf.hpp"

namespace lookout::kube {
namespace {

using encoding::ProtobufHeader;
using encoding::ProtobufType;

Error damaged(const char* what) {
  return {ErrorCode::kMalformed, std::string("damaged protobuf: ") + what};
}

}  // namespace

ProtobufWalker::ProtobufWalker(ObjectShape shape, TypeMeta expected, ItemSink sink,
                               const DecoderLimits& limits)
    : shape_(shape),
      expected_(expected),
      sink_(std::move(sink)),
      item_bytes_max_(limits.item_bytes_max) {}

Result<void> ProtobufWalker::feed(std::string_view bytes) {
  return units_.feed(bytes, [this](std::string_view unit) { return step(unit); });
}

Result<ListEnd> ProtobufWalker::finish() const {
  if (!units_.empty() || skip_left_ > 0 || raw_left_ > 0 || !raw_seen_) {
    return damaged("it ends too early");
  }
  return end_;
}

Result<Take> ProtobufWalker::step(std::string_view bytes) {
  if (skip_left_ > 0) return skip(bytes);
  if (place_ == Place::kRaw && raw_left_ == 0) place_ = Place::kEnvelope;
  switch (place_) {
    case Place::kMagic: return read_magic(bytes);
    case Place::kEnvelope: return read_envelope_field(bytes);
    case Place::kRaw: break;
  }
  const auto inside = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), raw_left_));
  Result<Take> take = read_raw_field(bytes.substr(0, inside));
  if (!take) return take;
  if (take->wanted > raw_left_) return damaged("a field is longer than its list");
  raw_left_ -= take->consumed;
  return take;
}

Take ProtobufWalker::skip(std::string_view bytes) {
  const std::uint64_t taken = std::min<std::uint64_t>(bytes.size(), skip_left_);
  skip_left_ -= taken;
  if (place_ == Place::kRaw) raw_left_ -= taken;
  return {static_cast<std::size_t>(taken), 0};
}

Result<Take> ProtobufWalker::read_magic(std::string_view bytes) {
  const std::string_view start = bytes.substr(0, kProtobufMagic.size());
  if (start != kProtobufMagic.substr(0, start.size())) return damaged("no k8s magic");
  if (start.size() < kProtobufMagic.size()) return Take{0, kProtobufMagic.size()};
  place_ = Place::kEnvelope;
  return Take{kProtobufMagic.size(), 0};
}

Result<Take> ProtobufWalker::read_envelope_field(std::string_view bytes) {
  const ProtobufHeader header = encoding::read_protobuf_header(bytes);
  if (header.state == ProtobufHeader::State::kBad) return damaged("bad envelope");
  if (header.state == ProtobufHeader::State::kPartial) return Take{0, bytes.size() + 1};
  if (header.number <= 2 && header.type != ProtobufType::kBytes) return damaged("bad envelope");
  if (header.number == 1) {
    return whole_field(bytes, header, [this](std::string_view message) -> Result<void> {
      const std::optional<TypeMeta> type = read_type_meta(message);
      if (!type) return damaged("bad type");
      kind_checked_ = true;
      return check_kind(*type, expected_);
    });
  }
  if (header.number != 2) return skip_field(header);
  if (raw_seen_ || !kind_checked_) return damaged("bad envelope");
  if (shape_ == ObjectShape::kList) return enter_raw(header);
  return whole_field(bytes, header, [this](std::string_view message) {
    raw_seen_ = true;
    return sink_(message);
  });
}

Result<Take> ProtobufWalker::read_raw_field(std::string_view bytes) {
  const ProtobufHeader header = encoding::read_protobuf_header(bytes);
  if (header.state == ProtobufHeader::State::kBad) return damaged("bad list");
  if (header.state == ProtobufHeader::State::kPartial) return Take{0, bytes.size() + 1};
  if (header.content > raw_left_ - header.bytes) return damaged("a field is longer than its list");
  if (header.number > 2) return skip_field(header);
  if (header.type != ProtobufType::kBytes) return damaged("bad list");
  if (header.number == 2) return whole_field(bytes, header, sink_);
  return whole_field(bytes, header, [this](std::string_view message) -> Result<void> {
    std::optional<ListEnd> end = read_list_meta(message);
    if (!end) return damaged("bad list metadata");
    end_ = *std::move(end);
    return {};
  });
}

Result<Take> ProtobufWalker::enter_raw(const ProtobufHeader& header) {
  // Go's lengths are signed.
  if (header.content > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return damaged("negative length");
  }
  raw_left_ = header.content;
  raw_seen_ = true;
  place_ = Place::kRaw;
  return Take{header.bytes, 0};
}

Result<Take> ProtobufWalker::skip_field(const ProtobufHeader& header) {
  if (header.content > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return damaged("negative length");
  }
  skip_left_ = header.content;
  return Take{header.bytes, 0};
}

template <class Use>
Result<Take> ProtobufWalker::whole_field(std::string_view bytes, const ProtobufHeader& header,
                                         Use use) {
  if (header.content > item_bytes_max_) {
    return Error{ErrorCode::kTooLarge, "an object of " + std::to_string(header.content) +
                                           " bytes exceeds " + std::to_string(item_bytes_max_)};
  }
  const std::size_t size = header.bytes + static_cast<std::size_t>(header.content);
  if (bytes.size() < size) return Take{0, size};
  const Result<void> used = use(bytes.substr(header.bytes, size - header.bytes));
  if (!used) return used.error();
  return Take{size, 0};
}

}  // namespace lookout::kube
