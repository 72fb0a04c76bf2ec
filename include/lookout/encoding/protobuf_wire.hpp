// Protocol Buffers wire format, read in place: fields one after the other, nested
// messages as views that are read in turn. Groups (wire types 3 and 4) are refused.
// Source: protobuf.dev/programming-guides/encoding. Pure; never reads past its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lookout::encoding {

enum class ProtobufType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// What stands before a field's content.
struct ProtobufHeader {
  enum class State {
    kWhole,
    kPartial,  // the bytes end inside it
    kBad,      // overlong varint, field number 0 or past 2^29-1, unknown wire type
  };
  State state = State::kPartial;
  std::uint32_t number = 0;
  ProtobufType type = ProtobufType::kVarint;
  std::size_t bytes = 0;      // of the header; a varint's value is part of it
  std::uint64_t varint = 0;   // kVarint: the value
  std::uint64_t content = 0;  // bytes that follow the header; may exceed what there is
};
ProtobufHeader read_protobuf_header(std::string_view bytes);

struct ProtobufField {
  std::uint32_t number = 0;
  ProtobufType type = ProtobufType::kVarint;
  std::uint64_t varint = 0;  // kVarint
  std::string_view bytes;    // all other types; a view into the message

  // A field that must be of a type to mean anything.
  bool is(std::uint32_t wanted, ProtobufType wanted_type) const {
    return number == wanted && type == wanted_type;
  }
};

// The fields of one message that is whole in memory.
class ProtobufReader {
 public:
  explicit ProtobufReader(std::string_view message) : rest_(message) {}

  // False at the end and at damage; failed() tells which.
  bool next(ProtobufField& field) { return next_short(field) || next_any(field); }
  bool failed() const { return failed_; }

 private:
  // Most fields: bytes, with a tag and a length of one byte each. False for any other.
  bool next_short(ProtobufField& field) {
    if (rest_.size() < 2 || failed_) return false;
    const auto tag = static_cast<unsigned char>(rest_[0]);
    const auto length = static_cast<unsigned char>(rest_[1]);
    const bool is_short = (tag & 0x87) == static_cast<unsigned>(ProtobufType::kBytes) && tag >= 8 &&
                          length < 0x80 && length <= rest_.size() - 2;
    if (!is_short) return false;
    field = {static_cast<std::uint32_t>(tag >> 3), ProtobufType::kBytes, 0,
             rest_.substr(2, length)};
    rest_.remove_prefix(2U + length);
    return true;
  }
  bool next_any(ProtobufField& field);

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace lookout::encoding
