// Inflate and deflate over zlib (the only file that includes zlib.h is gzip.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"

namespace lookout::encoding {

// Streaming gunzip (RFC 1952) as Go's gzip.Reader: multi-member streams are one
// stream, CRC and size are checked at each member's end, anything after the last member that
// is no member is an error. Not thread-safe; reusable through reset().
class Gunzip {
 public:
  Gunzip();
  ~Gunzip();
  Gunzip(Gunzip&&) noexcept;

  void reset();
  struct Step {
    std::size_t consumed = 0;  // of `in`
    std::size_t produced = 0;  // into `out`
    bool member_ended = false;
  };
  // kMalformed: header, data, CRC or size wrong.
  Result<Step> step(std::string_view in, std::span<char> out);
  // True between members: where the input may end.
  bool at_boundary() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Raw deflate blocks (RFC 1951) of `text`, ended by Z_FULL_FLUSH: byte aligned, not final, so
// such blocks can be put behind each other in one gzip member. Level 1.
struct DeflatedBlock {
  std::string blocks;
  std::uint32_t crc = 0;  // CRC-32 of the text
  std::size_t text_bytes = 0;
};
DeflatedBlock deflate_block(std::string_view text);

// One gzip member around such blocks: header, the blocks in order, trailer.
inline constexpr std::string_view kGzipHeader{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10};
// CRC and size of all blocks so far.
struct GzipSum {
  std::uint32_t crc = 0;
  std::uint64_t bytes = 0;
};
GzipSum append(GzipSum sum, const DeflatedBlock& block);
// Final empty block, CRC-32 and size modulo 2^32, little endian.
std::string gzip_trailer(GzipSum sum);

// A whole body at once: one member. For small bodies and tests.
std::string gzip(std::string_view text, int level = 6);

}  // namespace lookout::encoding
