// Cyclic redundancy checks by which S3 states what an object holds (Amazon S3 User Guide,
// "Checking object integrity"). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lookout::encoding {

enum class CrcKind { kCrc32, kCrc32c, kCrc64Nvme };

// Of bytes that come in pieces. Not thread-safe.
class Crc {
 public:
  explicit Crc(CrcKind kind);

  void take(std::string_view bytes);
  // Of all bytes so far: 4 or, of kCrc64Nvme, 8 bytes, the highest first.
  std::string bytes() const;

  using Table = std::array<std::uint64_t, 256>;

 private:
  const Table* table_;
  std::uint64_t ones_;  // as many bits as the sum has
  std::uint64_t sum_;
};

}  // namespace lookout::encoding
