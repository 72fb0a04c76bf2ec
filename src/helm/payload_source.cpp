#include "src/helm/payload_source.hpp"

#include <string.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "lookout/encoding/gzip.hpp"

namespace lookout::helm {
namespace {

// As Helm decides: longer than the magic itself.
constexpr std::string_view kGzipMagic{"\x1f\x8b\x08", 3};

encoding::Gunzip& gunzip() {
  thread_local encoding::Gunzip gunzip;
  return gunzip;
}

template <class Variant>
Variant make_layers(std::string_view payload, PayloadEncoding encoding) {
  if (encoding == PayloadEncoding::kBase64) {
    return Variant(std::in_place_index<0>, std::in_place, payload);
  }
  return Variant(std::in_place_index<1>, std::in_place, std::in_place, payload);
}

}  // namespace

PayloadSource::PayloadSource(std::string_view payload, PayloadEncoding encoding,
                             const DecodeLimits& limits)
    : encoded_(make_layers<std::variant<Single, Double>>(payload, encoding)),
      inflated_bytes_max_(limits.inflated_bytes_max),
      token_bytes_max_(limits.token_bytes_max),
      zipped_rest_(zipped_.data(), 0),
      next_(text_.data() + kKeptBytes),
      end_(next_) {
  while (zipped_rest_.size() <= kGzipMagic.size() && read_zipped()) {
  }
  is_gzip_ = zipped_rest_.size() > kGzipMagic.size() && zipped_rest_.starts_with(kGzipMagic);
}

PayloadSource::~PayloadSource() {
  // Ready for the next one, and wiped.
  if (is_gzip_) gunzip().reset();
  ::explicit_bzero(zipped_.data(), zipped_.size());
  ::explicit_bzero(text_.data(), text_.size());
}

std::string_view PayloadSource::last(std::size_t size) const {
  const auto kept = static_cast<std::size_t>(next_ - text_.data());
  if (size > kept || size > position()) return {};
  return {next_ - size, size};
}

bool PayloadSource::refill() {
  if (failure_) return false;
  char* const piece = text_.data() + kKeptBytes;
  const std::size_t kept = std::min<std::size_t>(kKeptBytes, position());
  std::memmove(piece - kept, next_ - kept, kept);
  next_ = end_ = piece;
  const std::size_t size = pull({piece, kPieceBytes});
  pulled_ += size;
  end_ = piece + size;
  const bool fits =
      pulled_ <= inflated_bytes_max_ && pulled_ - token_start_ <= token_bytes_max_ + kPieceBytes;
  if (fits) return size != 0;
  failure_ = Undecodable::kTooLarge;
  return false;
}

std::size_t PayloadSource::pull(std::span<char> out) {
  if (is_gzip_) return inflate(out);
  if (zipped_rest_.empty()) return read_encoded(out);
  const std::size_t size = zipped_rest_.copy(out.data(), out.size());
  zipped_rest_.remove_prefix(size);
  return size;
}

std::size_t PayloadSource::inflate(std::span<char> out) {
  for (;;) {
    const auto step = gunzip().step(zipped_rest_, out);
    if (!step.ok()) {
      failure_ = Undecodable::kGzip;
      return 0;
    }
    zipped_rest_.remove_prefix(step->consumed);
    if (step->produced != 0) return step->produced;
    if (step->consumed != 0 || !zipped_rest_.empty() || read_zipped()) continue;
    if (!failure_ && !gunzip().at_boundary()) failure_ = Undecodable::kGzip;
    return 0;
  }
}

// Appends to zipped_rest_; false at the end.
bool PayloadSource::read_zipped() {
  std::memmove(zipped_.data(), zipped_rest_.data(), zipped_rest_.size());
  const std::size_t size = read_encoded(std::span(zipped_).subspan(zipped_rest_.size()));
  zipped_rest_ = {zipped_.data(), zipped_rest_.size() + size};
  return size != 0;
}

std::size_t PayloadSource::read_encoded(std::span<char> out) {
  const std::size_t size = std::visit([out](auto& layers) { return layers.read(out); }, encoded_);
  if (size == 0 && std::visit([](const auto& layers) { return layers.failed(); }, encoded_)) {
    failure_ = Undecodable::kBase64;
  }
  return size;
}

void PayloadSource::drain() {
  do {
    next_ = end_;
    start_token();
  } while (refill());
  if (failure_ != Undecodable::kGzip) return;
  // Helm removes the base64 as a whole first: damage there is what it reports.
  while (read_encoded(zipped_) != 0) {
  }
}

}  // namespace lookout::helm
