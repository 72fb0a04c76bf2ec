// Protobuf wire format, the writing half: https://protobuf.dev/programming-guides/encoding
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lookout::fakes {

inline void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7U) out += static_cast<char>((value & 0x7fU) | 0x80U);
  out += static_cast<char>(value);
}

inline void append_number(std::string& out, std::uint32_t field, std::uint64_t value) {
  append_varint(out, field << 3U);
  append_varint(out, value);
}

inline void append_bytes(std::string& out, std::uint32_t field, std::string_view bytes) {
  append_varint(out, (field << 3U) | 2U);
  append_varint(out, bytes.size());
  out += bytes;
}

}  // namespace lookout::fakes
