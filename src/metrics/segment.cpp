#include "src/metrics/segment.hpp"

#include <memory>

namespace lookout::metrics {
namespace {

http::BodyChain::Piece to_piece(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

}  // namespace

Segment::Segment(std::string text) : text_(to_piece(std::move(text))) {}

const std::string& Segment::text() const {
  static const std::string kNone;
  return text_ == nullptr ? kNone : *text_;
}

const http::BodyChain::Piece& Segment::blocks() {
  if (blocks_ == nullptr) {
    sum_ = encoding::deflate_block(text());
    sum_.blocks.shrink_to_fit();
    blocks_ = to_piece(std::exchange(sum_.blocks, {}));
  }
  return blocks_;
}

Body::Body(ContentCoding coding) : coding_(coding) {
  if (coding_ != ContentCoding::kGzip) return;
  static const http::BodyChain::Piece kHeader = to_piece(std::string(encoding::kGzipHeader));
  chain_.append(kHeader);
}

void Body::append(Segment& segment) {
  if (segment.empty()) return;
  if (coding_ == ContentCoding::kIdentity) {
    chain_.append(segment.piece());
    return;
  }
  chain_.append(segment.blocks());
  sum_ = encoding::append(sum_, segment.sum());
}

http::BodyChain Body::finish() && {
  if (coding_ == ContentCoding::kGzip) chain_.append(to_piece(encoding::gzip_trailer(sum_)));
  return std::move(chain_);
}

}  // namespace lookout::metrics
