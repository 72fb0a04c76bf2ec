// The header of a gzip member (RFC 1952 section 2.3) by Go's rules: reserved flags pass,
// FNAME and FCOMMENT hold 512 bytes at most, FHCRC is checked.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lookout::encoding {

class GzipHeader {
 public:
  enum class Progress { kMore, kDone, kBad };

  // `crc` is the CRC-32 of all bytes taken before this one.
  Progress take(char c, std::uint32_t crc);
  bool started() const { return part_ != Part::kFixed || taken_ != 0; }

 private:
  enum class Part { kFixed, kExtraSize, kExtra, kName, kComment, kCrc, kDone };

  Progress take_fixed(char c);
  Progress take_crc(char c, std::uint32_t crc);
  void add_to_wanted(char c);
  void enter(Part part);

  Part part_ = Part::kFixed;
  std::size_t taken_ = 0;  // bytes of this part
  unsigned flags_ = 0;
  unsigned wanted_ = 0;  // size of FEXTRA, or the CRC read so far
  std::uint32_t crc_ = 0;
};

}  // namespace lookout::encoding
