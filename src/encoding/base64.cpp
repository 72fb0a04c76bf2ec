#include "lookout/encoding/base64.hpp"

#include <bit>
#include <cstring>

namespace lookout::encoding {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// Set in the or of four table entries when one of them is no base64 character.
constexpr std::uint32_t kBad = 0x80000000U;

using Table = std::array<std::uint32_t, 256>;

// Bits of a 24-bit group, placed so that storing the word puts its bytes in order.
constexpr std::uint32_t in_memory_order(std::uint32_t group) {
  if constexpr (std::endian::native == std::endian::little) {
    return (group >> 16) | (group & 0xff00U) | ((group & 0xffU) << 16);
  } else {
    return group << 8;
  }
}

constexpr Table make_table(unsigned shift, bool ordered) {
  Table table{};
  for (std::uint32_t& entry : table) entry = kBad;
  for (std::uint32_t i = 0; i < 64; ++i) {
    const std::uint32_t group = i << shift;
    table[static_cast<unsigned char>(kAlphabet[i])] = ordered ? in_memory_order(group) : group;
  }
  return table;
}

// kBad would collide with data in the top byte of a big-endian word: such machines decode by
// single characters.
constexpr bool kByGroups = std::endian::native == std::endian::little;
constexpr Table kFirst = make_table(18, true);
constexpr Table kSecond = make_table(12, true);
constexpr Table kThird = make_table(6, true);
constexpr Table kFourth = make_table(0, true);
constexpr Table kSextet = make_table(0, false);

std::uint32_t entry(const Table& table, char c) {
  return table[static_cast<unsigned char>(c)];
}

}  // namespace

Base64Decoder::Step Base64Decoder::decode_whole_groups(std::string_view in,
                                                       std::span<char> out) const {
  const char* from = in.data();
  const char* const from_end = from + in.size();
  char* to = out.data();
  char* const to_end = to + out.size();
  while (from_end - from >= 4 && to_end - to >= 4) {
    const std::uint32_t word = entry(kFirst, from[0]) | entry(kSecond, from[1]) |
                               entry(kThird, from[2]) | entry(kFourth, from[3]);
    if ((word & kBad) != 0) break;
    std::memcpy(to, &word, sizeof word);
    from += 4;
    to += 3;
  }
  return {static_cast<std::size_t>(from - in.data()), static_cast<std::size_t>(to - out.data())};
}

// Takes one character; returns the bytes written to `out`.
std::size_t Base64Decoder::take(char c, char* out) {
  if (c == '\r' || c == '\n') return 0;
  const std::uint32_t sextet = entry(kSextet, c);
  if (state_ == State::kBody && sextet != kBad) {
    bits_ = (bits_ << 6) | sextet;
    if (++sextets_ < 4) return 0;
    sextets_ = 0;
    for (unsigned i = 0; i < 3; ++i) out[i] = static_cast<char>((bits_ >> (16 - 8 * i)) & 0xffU);
    return 3;
  }
  if (state_ == State::kBody && c == '=' && sextets_ == 2) {
    state_ = State::kSecondPad;
    return 0;
  }
  if (state_ == State::kSecondPad && c == '=') {
    state_ = State::kEnded;
    sextets_ = 0;
    out[0] = static_cast<char>((bits_ >> 4) & 0xffU);
    return 1;
  }
  if (state_ == State::kBody && c == '=' && sextets_ == 3) {
    state_ = State::kEnded;
    sextets_ = 0;
    out[0] = static_cast<char>((bits_ >> 10) & 0xffU);
    out[1] = static_cast<char>((bits_ >> 2) & 0xffU);
    return 2;
  }
  state_ = State::kFailed;
  return 0;
}

Base64Decoder::Step Base64Decoder::decode(std::string_view in, std::span<char> out) {
  Step step;
  while (step.consumed < in.size() && out.size() - step.produced >= 3 && !failed()) {
    if (kByGroups && sextets_ == 0 && state_ == State::kBody) {
      const Step groups = decode_whole_groups(in.substr(step.consumed), out.subspan(step.produced));
      step.consumed += groups.consumed;
      step.produced += groups.produced;
      if (step.consumed == in.size() || out.size() - step.produced < 3) break;
    }
    step.produced += take(in[step.consumed], out.data() + step.produced);
    if (!failed()) ++step.consumed;
  }
  return step;
}

void Base64Decoder::finish() {
  if (sextets_ != 0) state_ = State::kFailed;
}

Result<std::string> base64_decode(std::string_view text) {
  // Four bytes more than can come out: whole groups are stored as words.
  std::string bytes(text.size() / 4 * 3 + 4, '\0');
  Base64Decoder decoder;
  const Base64Decoder::Step step = decoder.decode(text, bytes);
  decoder.finish();
  if (decoder.failed()) return Error{ErrorCode::kMalformed, "not base64"};
  bytes.resize(step.produced);
  return bytes;
}

bool is_base64(std::string_view text) {
  std::array<char, 1024> bytes{};
  Base64Decoder decoder;
  while (!text.empty() && !decoder.failed()) {
    text.remove_prefix(decoder.decode(text, bytes).consumed);
  }
  decoder.finish();
  ::explicit_bzero(bytes.data(), bytes.size());
  return !decoder.failed();
}

std::string base64_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = (bits << 8) | (j < group.size() ? static_cast<unsigned char>(group[j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      text += j <= group.size() ? kAlphabet[(bits >> (18 - 6 * j)) & 63U] : '=';
    }
  }
  return text;
}

}  // namespace lookout::encoding
