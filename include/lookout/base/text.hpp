// Small text operations that several modules need.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lookout {

// Text from outside for an error message or log: at most `bytes_max` bytes of it,
// control and non-ASCII bytes as \xNN, in double quotes, "..." when cut.
std::string quote_bounded(std::string_view text, std::size_t bytes_max = 64);

// `text` from outside with '*' in place of what it repeats of `secret`, which it may have cut
// at its end. Secrets of less than kMaskedBytesMin are no secrets and stay.
constexpr std::size_t kMaskedBytesMin = 8;
std::string mask_secret(std::string text, std::string_view secret);

// Parts between separators; "" gives one empty part. Views into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);

// Without ASCII white space at both ends.
std::string_view trim(std::string_view text);

// ASCII case folding, as HTTP header names compare.
bool equals_ignoring_case(std::string_view a, std::string_view b);
std::string to_lower(std::string_view text);

// The whole text as a decimal number of type N (no sign for unsigned N, no
// white space, no overflow); nullopt otherwise.
template <class N>
std::optional<N> parse_number(std::string_view text) {
  N value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.empty()) return std::nullopt;
  return value;
}

}  // namespace lookout
