#include "lookout/encoding/crc.hpp"

namespace lookout::encoding {
namespace {

// Of a polynomial whose lowest bit stands for the highest power.
constexpr Crc::Table make_table(std::uint64_t polynomial) {
  Crc::Table table{};
  for (std::uint64_t byte = 0; byte < table.size(); ++byte) {
    std::uint64_t sum = byte;
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ ((sum & 1) != 0 ? polynomial : 0);
    table[byte] = sum;
  }
  return table;
}

constexpr Crc::Table kCrc32 = make_table(0xedb88320);
constexpr Crc::Table kCrc32c = make_table(0x82f63b78);
constexpr Crc::Table kCrc64Nvme = make_table(0x9a6c9329ac4bc9b5);

const Crc::Table& table_of(CrcKind kind) {
  switch (kind) {
    case CrcKind::kCrc32: return kCrc32;
    case CrcKind::kCrc32c: return kCrc32c;
    case CrcKind::kCrc64Nvme: return kCrc64Nvme;
  }
  return kCrc32;
}

}  // namespace

Crc::Crc(CrcKind kind)
    : table_(&table_of(kind)),
      ones_(kind == CrcKind::kCrc64Nvme ? ~std::uint64_t{0} : 0xffffffff),
      sum_(ones_) {}

void Crc::take(std::string_view bytes) {
  for (const char byte : bytes) {
    sum_ = (*table_)[(sum_ ^ static_cast<unsigned char>(byte)) & 255] ^ (sum_ >> 8);
  }
}

std::string Crc::bytes() const {
  std::string out;
  const std::uint64_t sum = sum_ ^ ones_;
  for (int shift = ones_ > 0xffffffff ? 56 : 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<unsigned char>(sum >> shift));
  }
  return out;
}

}  // namespace lookout::encoding
