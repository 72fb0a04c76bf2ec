#include "lookout/encoding/protobuf_wire.hpp"

namespace lookout::encoding {
namespace {

using State = ProtobufHeader::State;

constexpr std::size_t kVarintBytesMax = 10;
constexpr std::uint64_t kFieldNumberMax = (1U << 29) - 1;

struct Varint {
  State state = State::kPartial;
  std::uint64_t value = 0;
  std::size_t bytes = 0;
};

Varint read_long_varint(std::string_view bytes) {
  Varint out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    // The tenth byte holds bit 63 alone.
    if (i + 1 == kVarintBytesMax && byte > 1) return {State::kBad, 0, 0};
    out.value |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) return {State::kWhole, out.value, i + 1};
  }
  return {};
}

Varint read_varint(std::string_view bytes) {
  if (!bytes.empty() && static_cast<unsigned char>(bytes[0]) < 0x80) {
    return {State::kWhole, static_cast<unsigned char>(bytes[0]), 1};
  }
  return read_long_varint(bytes);
}

// Reads what follows the tag: a varint that is the value, or the content's length.
void read_tail(std::string_view bytes, ProtobufHeader& header) {
  if (header.type == ProtobufType::kFixed64 || header.type == ProtobufType::kFixed32) {
    header.content = header.type == ProtobufType::kFixed64 ? 8 : 4;
    header.state = State::kWhole;
    return;
  }
  const Varint value = read_varint(bytes.substr(header.bytes));
  header.state = value.state;
  header.bytes += value.bytes;
  (header.type == ProtobufType::kVarint ? header.varint : header.content) = value.value;
}

}  // namespace

ProtobufHeader read_protobuf_header(std::string_view bytes) {
  ProtobufHeader header;
  const Varint tag = read_varint(bytes);
  header.state = tag.state;
  if (tag.state != State::kWhole) return header;
  const std::uint64_t number = tag.value >> 3;
  const std::uint64_t type = tag.value & 7;
  if (number == 0 || number > kFieldNumberMax || type == 3 || type == 4 || type > 5) {
    header.state = State::kBad;
    return header;
  }
  header.number = static_cast<std::uint32_t>(number);
  header.type = static_cast<ProtobufType>(type);
  header.bytes = tag.bytes;
  read_tail(bytes, header);
  return header;
}

bool ProtobufReader::next_any(ProtobufField& field) {
  if (rest_.empty() || failed_) return false;
  const ProtobufHeader header = read_protobuf_header(rest_);
  if (header.state != State::kWhole || header.content > rest_.size() - header.bytes) {
    failed_ = true;
    return false;
  }
  const auto content = static_cast<std::size_t>(header.content);
  field.number = header.number;
  field.type = header.type;
  field.varint = header.varint;
  field.bytes = rest_.substr(header.bytes, content);
  rest_.remove_prefix(header.bytes + content);
  return true;
}

}  // namespace lookout::encoding
