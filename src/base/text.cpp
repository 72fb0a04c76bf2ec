#include "lookout/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace lookout {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string quote_bounded(std::string_view text, std::size_t bytes_max) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text.substr(0, bytes_max)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  out += text.size() > bytes_max ? "...\"" : "\"";
  return out;
}

std::string mask_secret(std::string text, std::string_view secret) {
  if (secret.size() < kMaskedBytesMin) return text;
  const std::string_view front = secret.substr(0, kMaskedBytesMin);
  for (std::size_t at = text.find(front); at != std::string::npos; at = text.find(front, at)) {
    const auto begin = text.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = std::mismatch(begin, text.end(), secret.begin(), secret.end()).first;
    std::fill(begin, end, '*');
  }
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

}  // namespace lookout
