// The JSON text of a payload, pulled piece by piece: base64 layers, then inflate unless the
// gzip magic is missing. Nothing is read ahead of the piece in use, so whoever stops pulling
// pays for the prefix only.
//
// One at a time per thread (they share a thread-local inflater). All buffers of payload text
// are wiped.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "lookout/encoding/base64.hpp"
#include "lookout/helm/release.hpp"

namespace lookout::helm {

class PayloadSource {
 public:
  PayloadSource(std::string_view payload, PayloadEncoding encoding, const DecodeLimits& limits);
  ~PayloadSource();
  PayloadSource(const PayloadSource&) = delete;
  PayloadSource& operator=(const PayloadSource&) = delete;

  // True while there is a byte to look at. False at the end and after a failure.
  bool more() { return next_ != end_ || refill(); }
  // REQUIRES: more()
  char peek() const { return *next_; }
  void skip() { ++next_; }
  // Puts the last byte that was skipped back; at most once in a row.
  void unskip() { --next_; }

  // The last `size` bytes that were skipped; empty when they are more than are kept.
  std::string_view last(std::size_t size) const;
  // Bytes skipped so far.
  std::size_t position() const { return pulled_ - static_cast<std::size_t>(end_ - next_); }

  // A token of JSON starts here: limits.token_bytes_max counts from here.
  void start_token() { token_start_ = position(); }

  // Reads the rest only to see whether it is damaged.
  void drain();
  // kBase64, kGzip or kTooLarge.
  std::optional<Undecodable> failure() const { return failure_; }

 private:
  using Single = encoding::Base64Source<encoding::TextSource>;
  using Double = encoding::Base64Source<Single>;

  static constexpr std::size_t kZippedBytes = 2048;
  static constexpr std::size_t kPieceBytes = 2048;
  static constexpr std::size_t kKeptBytes = 128;  // of the piece before, for last()

  bool refill();
  std::size_t pull(std::span<char> out);
  std::size_t inflate(std::span<char> out);
  bool read_zipped();
  std::size_t read_encoded(std::span<char> out);

  std::array<char, kZippedBytes> zipped_;
  std::array<char, kKeptBytes + kPieceBytes> text_;
  std::variant<Single, Double> encoded_;
  std::size_t inflated_bytes_max_;
  std::size_t token_bytes_max_;
  std::size_t token_start_ = 0;
  std::size_t pulled_ = 0;
  std::optional<Undecodable> failure_;
  bool is_gzip_ = false;
  std::string_view zipped_rest_;  // of zipped_
  const char* next_;              // into text_
  const char* end_;
};

}  // namespace lookout::helm
