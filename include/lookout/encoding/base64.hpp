// Standard base64 (RFC 4648 section 4), as Go's base64.StdEncoding reads it: padding
// required, '\r' and '\n' anywhere are skipped, nothing after the padding but those,
// unused bits of the last group need not be zero.
#pragma once

#include <string.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "lookout/base/result.hpp"

namespace lookout::encoding {

// Push decoder for text that comes in pieces. Not thread-safe.
class Base64Decoder {
 public:
  struct Step {
    std::size_t consumed = 0;  // of `in`
    std::size_t produced = 0;  // into `out`
  };
  // Decodes as much as fits; stops before the character that makes failed() true.
  // REQUIRES: out.size() >= 3, or nothing is produced.
  Step decode(std::string_view in, std::span<char> out);
  // The text ends here: failed() afterwards when it may not.
  void finish();
  bool failed() const { return state_ == State::kFailed; }

 private:
  enum class State : std::uint8_t { kBody, kSecondPad, kEnded, kFailed };
  Step decode_whole_groups(std::string_view in, std::span<char> out) const;
  std::size_t take(char c, char* out);

  std::uint32_t bits_ = 0;    // sextets of the group that is not complete
  std::uint8_t sextets_ = 0;  // how many
  State state_ = State::kBody;
};

// A pull source over text in memory. Every Source has
// `std::size_t read(std::span<char> out)`, 0 at the end, and `bool failed() const`.
class TextSource {
 public:
  explicit TextSource(std::string_view text) : rest_(text) {}
  std::size_t read(std::span<char> out) {
    const std::size_t size = rest_.copy(out.data(), out.size());
    rest_.remove_prefix(size);
    return size;
  }
  bool failed() const { return false; }

 private:
  std::string_view rest_;
};

// One layer of base64 over another source; layers nest: Double(in_place, in_place, text).
// Good bytes before damage are delivered, then read() returns 0 and failed() is true. Text that
// passed through is wiped on destruction.
template <class Source>
class Base64Source {
 public:
  // From whatever the innermost source is made of.
  template <class... Args>
  explicit Base64Source(std::in_place_t, Args&&... args) : source_(std::forward<Args>(args)...) {}
  Base64Source(const Base64Source&) = delete;
  Base64Source& operator=(const Base64Source&) = delete;
  ~Base64Source() { ::explicit_bzero(piece_.data(), piece_.size()); }

  // REQUIRES: out.size() >= 3
  std::size_t read(std::span<char> out) {
    std::size_t produced = 0;
    while (produced == 0 && (!rest_.empty() || refill())) {
      const Base64Decoder::Step step = decoder_.decode(rest_, out);
      rest_.remove_prefix(step.consumed);
      produced = step.produced;
      if (decoder_.failed()) rest_ = {};
    }
    return produced;
  }
  bool failed() const { return decoder_.failed() || source_.failed(); }

 private:
  static constexpr std::size_t kPieceBytes = 4096;

  bool refill() {
    if (decoder_.failed()) return false;
    rest_ = {piece_.data(), source_.read(piece_)};
    if (rest_.empty() && !source_.failed()) decoder_.finish();
    return !rest_.empty();
  }

  Source source_;
  Base64Decoder decoder_;
  std::string_view rest_;  // of piece_
  std::array<char, kPieceBytes> piece_;
};

// kMalformed.
Result<std::string> base64_decode(std::string_view text);
std::string base64_encode(std::string_view bytes);
// Whether base64_decode would succeed, without its memory.
bool is_base64(std::string_view text);

}  // namespace lookout::encoding
