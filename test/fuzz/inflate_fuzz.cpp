// Gunzip gives the same text and verdict whatever the pieces it is fed in.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lookout/encoding/gzip.hpp"

namespace {

constexpr std::size_t kTextBytesMax = 1U << 20;

struct Unpacked {
  std::string text;
  bool accepted = false;
};

Unpacked unpack(std::string_view zipped, std::size_t piece, std::size_t room) {
  lookout::encoding::Gunzip gunzip;
  Unpacked result;
  std::string out(room, '\0');
  while (result.text.size() < kTextBytesMax) {
    const auto step = gunzip.step(zipped.substr(0, piece), out);
    if (!step.ok()) return result;
    zipped.remove_prefix(step->consumed);
    result.text.append(out, 0, step->produced);
    if (step->consumed == 0 && step->produced == 0) break;
  }
  result.accepted = zipped.empty() && gunzip.at_boundary();
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view zipped(reinterpret_cast<const char*>(bytes), size);
  const Unpacked whole = unpack(zipped, size + 1, 4096);
  const Unpacked pieces = unpack(zipped, size % 7 + 1, size % 13 + 1);
  if (std::min(whole.text.size(), pieces.text.size()) >= kTextBytesMax) return 0;
  if (whole.accepted != pieces.accepted) std::abort();
  if (whole.accepted && whole.text != pieces.text) std::abort();
  return 0;
}
