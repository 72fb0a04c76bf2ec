#include "src/state/object_identity.hpp"

#include <cstddef>
#include <optional>

#include "lookout/base/text.hpp"

namespace lookout::state {
namespace {

constexpr std::size_t kUuidBytes = 36;  // 8-4-4-4-12

std::optional<std::uint64_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint64_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint64_t>(c - 'a' + 10);
  return std::nullopt;
}

// Lower case only, so that two texts never give the same Uid.
std::optional<Uid> parse_uuid(std::string_view text) {
  if (text.size() != kUuidBytes) return std::nullopt;
  Uid uid;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const auto digit = hex_digit(text[i]);
    if (!digit) return std::nullopt;
    uid.high = (uid.high << 4) | (uid.low >> 60);
    uid.low = (uid.low << 4) | *digit;
  }
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
