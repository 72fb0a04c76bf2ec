#include "src/repository/body_decoder.hpp"

#include <array>
#include <string>
#include <utility>

#include "lookout/base/text.hpp"

namespace lookout::repository {
namespace {

constexpr std::size_t kPieceBytes = 64U << 10;

Error too_large(const char* what, std::uint64_t bytes_max) {
  return {ErrorCode::kTooLarge,
          std::string("body: ") + what + " than " + std::to_string(bytes_max) + " bytes"};
}

}  // namespace

Result<BodyDecoder> BodyDecoder::create(const http::Headers& headers, const BodyLimits& limits) {
  BodyDecoder decoder(limits);
  if (const std::string* const length = headers.find("Content-Length")) {
    const auto bytes = parse_number<std::uint64_t>(trim(*length));
    if (bytes && *bytes > limits.raw_bytes_max) return too_large("larger", limits.raw_bytes_max);
  }
  const std::string* const encodings = headers.find("Content-Encoding");
  if (encodings == nullptr) return decoder;
  for (const std::string_view part : split(*encodings, ',')) {
    const std::string encoding = to_lower(trim(part));
    // S3 keeps "aws-chunked" of the upload although the body no longer is.
    if (encoding.empty() || encoding == "identity" || encoding == "aws-chunked") continue;
    const bool gzip = encoding == "gzip" || encoding == "x-gzip";
    if (!gzip || decoder.gunzip_) {
      return Error{ErrorCode::kMalformed, "body: a Content-Encoding that was not asked for"};
    }
    decoder.gunzip_.emplace();
  }
  return decoder;
}

Result<void> BodyDecoder::take(std::string_view bytes, const Emit& emit) {
  raw_bytes_ += bytes.size();
  if (raw_bytes_ > limits_.raw_bytes_max) return too_large("larger", limits_.raw_bytes_max);
  return gunzip_ ? inflate(bytes, emit) : emit(bytes);
}

Result<void> BodyDecoder::inflate(std::string_view bytes, const Emit& emit) {
  std::array<char, kPieceBytes> piece;
  for (;;) {
    const auto step = gunzip_->step(bytes, piece);
    if (!step) return Error{ErrorCode::kMalformed, "body: " + step.error().message};
    bytes.remove_prefix(step->consumed);
    inflated_bytes_ += step->produced;
    if (const Result<void> checked = check_inflated(); !checked) return checked;
    if (step->produced > 0) {
      if (const Result<void> emitted = emit({piece.data(), step->produced}); !emitted) {
        return emitted;
      }
    }
    // A full piece may leave more inside the decoder although all input is consumed.
    if (bytes.empty() && step->produced < piece.size()) return {};
  }
}

Result<void> BodyDecoder::check_inflated() const {
  if (inflated_bytes_ > limits_.inflated_bytes_max) {
    return too_large("inflates to more", limits_.inflated_bytes_max);
  }
  const bool judged = inflated_bytes_ > limits_.ratio_free_bytes;
  if (judged && inflated_bytes_ / limits_.ratio_max > raw_bytes_) {
    return Error{ErrorCode::kTooLarge, "body: inflates to more than " +
                                           std::to_string(limits_.ratio_max) + " times its size"};
  }
  return {};
}

Result<void> BodyDecoder::finish() const {
  // An empty body is nobody's gzip member, but it is an empty index.
  if (!gunzip_ || raw_bytes_ == 0 || gunzip_->at_boundary()) return {};
  return Error{ErrorCode::kMalformed, "body: gzip data are cut"};
}

}  // namespace lookout::repository
