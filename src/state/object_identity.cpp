#include "src/state/object_identity.hpp"

#include <array>
#include <cstddef>
#include <optional>

#include "lookout/base/text.hpp"

namespace lookout::state {
namespace {

constexpr std::size_t kUuidBytes = 36;  // 8-4-4-4-12

constexpr std::uint8_t kNoDigit = 16;

// Lower case only, so that two texts never give the same Uid.
constexpr auto kDigits = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) values['a' + i] = 10 + i;
  return values;
}();

// Appends the digits to `half`; false when one is none.
bool read_digits(std::string_view text, std::uint64_t& half) {
  std::uint8_t seen = 0;
  for (const char c : text) {
    const std::uint8_t digit = kDigits[static_cast<unsigned char>(c)];
    seen |= digit;
    half = (half << 4) | digit;
  }
  return seen < kNoDigit;
}

std::optional<Uid> parse_uuid(std::string_view text) {
  if (text.size() != kUuidBytes) return std::nullopt;
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  Uid uid;
  const bool whole =
      read_digits(text.substr(0, 8), uid.high) && read_digits(text.substr(9, 4), uid.high) &&
      read_digits(text.substr(14, 4), uid.high) && read_digits(text.substr(19, 4), uid.low) &&
      read_digits(text.substr(24), uid.low);
  if (!whole) return std::nullopt;
  return uid;
}

// FNV-1a.
std::uint64_t hash(std::string_view text, std::uint64_t seed) {
  for (const char c : text) {
    seed ^= static_cast<unsigned char>(c);
    seed *= 1099511628211ULL;
  }
  return seed;
}

}  // namespace

Uid parse_uid(std::string_view text) {
  if (const auto uuid = parse_uuid(text)) return *uuid;
  return {hash(text, 14695981039346656037ULL), hash(text, 1469598103934665603ULL)};
}

std::string format_uid(const Uid& uid) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (unsigned digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) text += '-';
    const std::uint64_t half = digit < 16 ? uid.high : uid.low;
    text += kHex[(half >> (60 - 4 * (digit % 16))) & 15];
  }
  return text;
}

std::uint64_t parse_resource_version(std::string_view text) {
  return parse_number<std::uint64_t>(text).value_or(0);
}

}  // namespace lookout::state
