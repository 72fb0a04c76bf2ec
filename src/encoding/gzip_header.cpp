#include "src/encoding/gzip_header.hpp"

#include <string_view>

namespace lookout::encoding {
namespace {

constexpr std::string_view kMagic{"\x1f\x8b\x08", 3};
constexpr std::size_t kFlagsAt = 3;
constexpr std::size_t kFixedBytes = 10;
constexpr std::size_t kTextBytesMax = 512;

enum Flag : unsigned { kHeaderCrc = 2, kExtra = 4, kName = 8, kComment = 16 };

}  // namespace

GzipHeader::Progress GzipHeader::take(char c, std::uint32_t crc) {
  switch (part_) {
    case Part::kFixed: return take_fixed(c);
    case Part::kCrc: return take_crc(c, crc);
    case Part::kExtraSize:
      add_to_wanted(c);
      if (taken_ == 2) enter(wanted_ == 0 ? Part::kName : Part::kExtra);
      break;
    case Part::kExtra:
      if (++taken_ == wanted_) enter(Part::kName);
      break;
    case Part::kName:
    case Part::kComment:
      if (c == '\0') {
        enter(part_ == Part::kName ? Part::kComment : Part::kCrc);
      } else if (++taken_ == kTextBytesMax) {
        return Progress::kBad;
      }
      break;
    case Part::kDone: break;
  }
  return part_ == Part::kDone ? Progress::kDone : Progress::kMore;
}

GzipHeader::Progress GzipHeader::take_fixed(char c) {
  if (taken_ < kMagic.size() && c != kMagic[taken_]) return Progress::kBad;
  if (taken_ == kFlagsAt) flags_ = static_cast<unsigned char>(c);
  if (++taken_ == kFixedBytes) enter(Part::kExtraSize);
  return part_ == Part::kDone ? Progress::kDone : Progress::kMore;
}

GzipHeader::Progress GzipHeader::take_crc(char c, std::uint32_t crc) {
  if (taken_ == 0) crc_ = crc;
  add_to_wanted(c);
  if (taken_ < 2) return Progress::kMore;
  part_ = Part::kDone;
  return wanted_ == (crc_ & 0xffffU) ? Progress::kDone : Progress::kBad;
}

void GzipHeader::add_to_wanted(char c) {
  wanted_ |= static_cast<unsigned>(static_cast<unsigned char>(c)) << (8 * taken_);
  ++taken_;
}

// Enters `part` or, where the flags leave it out, the first after it that is there.
void GzipHeader::enter(Part part) {
  taken_ = 0;
  if (part != Part::kExtra) wanted_ = 0;
  if (part == Part::kExtraSize && (flags_ & kExtra) == 0) part = Part::kName;
  if (part == Part::kName && (flags_ & kName) == 0) part = Part::kComment;
  if (part == Part::kComment && (flags_ & kComment) == 0) part = Part::kCrc;
  if (part == Part::kCrc && (flags_ & kHeaderCrc) == 0) part = Part::kDone;
  part_ = part;
}

}  // namespace lookout::encoding
