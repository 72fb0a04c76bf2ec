#include "lookout/encoding/crc.hpp"

#include <catch2/catch.hpp>

using namespace lookout::encoding;

namespace {

std::string hex_of(CrcKind kind, std::initializer_list<std::string_view> pieces) {
  Crc crc(kind);
  for (const std::string_view piece : pieces) crc.take(piece);
  std::string text;
  for (const char c : crc.bytes()) {
    const auto byte = static_cast<unsigned char>(c);
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace

TEST_CASE("crc: the check values of the catalogue, in pieces of any size") {
  const auto [kind, check] = GENERATE(table<CrcKind, std::string>({
      {CrcKind::kCrc32, "cbf43926"},
      {CrcKind::kCrc32c, "e3069283"},
      {CrcKind::kCrc64Nvme, "ae8b14860a799888"},
  }));
  CHECK(hex_of(kind, {"123456789"}) == check);
  CHECK(hex_of(kind, {"1", "", "2345678", "9"}) == check);
  CHECK(hex_of(kind, {}) == std::string(check.size(), '0'));
}
