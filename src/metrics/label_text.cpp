#include "src/metrics/label_text.hpp"

#include <algorithm>

namespace lookout::metrics {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 && c != '\\' && c != '"' && c != '\n';
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Bytes of the sequence that begins with `lead` (0: none does) and what its second byte may
// be, which keeps out overlong forms, surrogates and what lies beyond U+10FFFF (RFC 3629).
struct Sequence {
  std::size_t bytes;
  unsigned char second_min;
  unsigned char second_max;
};
Sequence sequence_of(unsigned char lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead >= 0xC2 && lead <= 0xDF) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

// The character at the front of `text`, or U+FFFD for one byte that begins none.
struct Character {
  std::string_view text;
  std::size_t consumed;
};
Character first_character(std::string_view text) {
  const Sequence sequence = sequence_of(static_cast<unsigned char>(text.front()));
  if (sequence.bytes == 1) return {text.substr(0, 1), 1};
  if (sequence.bytes == 0 || text.size() < sequence.bytes) return {kReplacement, 1};
  const auto second = static_cast<unsigned char>(text[1]);
  const std::string_view tail = text.substr(2, sequence.bytes - 2);
  if (second < sequence.second_min || second > sequence.second_max ||
      !std::all_of(tail.begin(), tail.end(), is_continuation)) {
    return {kReplacement, 1};
  }
  return {text.substr(0, sequence.bytes), sequence.bytes};
}

void append_escaped(std::string& out, std::string_view character) {
  switch (character.front()) {
    case '\\': out += "\\\\"; break;
    case '"': out += "\\\""; break;
    case '\n': out += "\\n"; break;
    default: out += character;
  }
}

}  // namespace

LabelCut append_label_value(std::string& out, std::string_view value, std::size_t bytes_max) {
  if (value.size() <= bytes_max && std::all_of(value.begin(), value.end(), is_plain)) {
    out += value;
    return LabelCut::kNone;
  }
  std::size_t bytes = 0;
  while (!value.empty()) {
    const Character character = first_character(value);
    bytes += character.text.size();
    if (bytes > bytes_max) return LabelCut::kCut;
    append_escaped(out, character.text);
    value.remove_prefix(character.consumed);
  }
  return LabelCut::kNone;
}

}  // namespace lookout::metrics
