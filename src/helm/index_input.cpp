#include "src/helm/index_input.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace lookout::helm {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kOpeningBytesMax = 64U << 10;
// A byte of a scalar takes ten in the text at most: "\U00000041".
constexpr std::size_t kEscapedBytes = 10;
constexpr std::size_t kReadAheadBytes = 128U << 10;

IndexOpening opening_of(std::string_view front) {
  const bool marked = front.starts_with(kByteOrderMark);
  if (marked) front.remove_prefix(kByteOrderMark.size());
  const std::size_t first = front.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return IndexOpening::kNothing;
  // To Helm's JSON reader a byte order mark is an error.
  if (front[first] == '{' && !marked) return IndexOpening::kBrace;
  const bool merge_key = front.substr(first).starts_with("<<");
  return front[first] == '<' && !merge_key ? IndexOpening::kMarkup : IndexOpening::kOther;
}

}  // namespace

Result<IndexOpening> IndexInput::opening() {
  std::array<char, 4096> piece;
  for (;;) {
    const Result<std::size_t> size = read(piece);
    if (!size) return size.error();
    const IndexOpening opening = opening_of(kept_);
    // A byte order mark may be incomplete, and "<" the first half of a merge key.
    const bool sure = opening != IndexOpening::kNothing && kept_.size() > kByteOrderMark.size() &&
                      kept_.back() != '<';
    if (*size != 0 && !sure && kept_.size() < kOpeningBytesMax) continue;
    rewind();
    return *size != 0 && opening == IndexOpening::kNothing ? IndexOpening::kOther : opening;
  }
}

Result<std::size_t> IndexInput::read(std::span<char> out) {
  if (replaying_) {
    const std::size_t size = kept_.copy(out.data(), out.size(), replayed_);
    replayed_ += size;
    token_bytes_ += size;
    if (size != 0 || out.empty()) return size;
    replaying_ = false;
    if (!keeping_) std::string().swap(kept_);
  }
  if (at_end_) return std::size_t{0};
  Result<std::size_t> size = read_source(out);
  if (!size) return size;
  at_end_ = *size == 0;
  if (keeping_ && kept_.size() + *size > kKeptBytesMax) {
    keeping_ = false;
    std::string().swap(kept_);
  }
  if (keeping_) {
    kept_.append(out.data(), *size);
  } else {
    lost_ = lost_ || *size != 0;
  }
  return size;
}

Result<std::size_t> IndexInput::read_source(std::span<char> out) {
  Result<std::size_t> size = source_(out);
  if (!size) {
    source_failure_ = size.error();
    return size;
  }
  read_bytes_ += *size;
  token_bytes_ += *size;
  if (read_bytes_ > limits_.bytes_max) {
    return Error{ErrorCode::kTooLarge, "more than " + std::to_string(limits_.bytes_max) + " bytes"};
  }
  if (token_bytes_ > kEscapedBytes * limits_.scalar_bytes_max + kReadAheadBytes) {
    return Error{ErrorCode::kTooLarge,
                 "a scalar of more than " + std::to_string(limits_.scalar_bytes_max) + " bytes"};
  }
  return size;
}

bool IndexInput::rewind() {
  if (lost_) return false;
  replaying_ = true;
  replayed_ = 0;
  token_bytes_ = 0;
  return true;
}

Result<void> IndexInput::drain() {
  std::array<char, 4096> piece;
  for (;;) {
    start_token();
    const Result<std::size_t> size = read(piece);
    if (!size) return size.error();
    if (*size == 0) return {};
  }
}

}  // namespace lookout::helm
