// A piece of a body: text that is rendered once, and its deflate blocks once asked for.
#pragma once

#include <string>
#include <utility>

#include "lookout/encoding/gzip.hpp"
#include "lookout/http/server.hpp"
#include "lookout/metrics/exposition.hpp"

namespace lookout::metrics {

// Not thread-safe; the pieces it hands out are immutable and shared.
class Segment {
 public:
  Segment() = default;
  explicit Segment(std::string text);

  const std::string& text() const;
  bool empty() const { return text().empty(); }
  // Deflates at the first call.
  const http::BodyChain::Piece& blocks();
  // What gzip_trailer() must know of it. REQUIRES: blocks() was called.
  const encoding::DeflatedBlock& sum() const { return sum_; }
  const http::BodyChain::Piece& piece() const { return text_; }

 private:
  http::BodyChain::Piece text_;
  http::BodyChain::Piece blocks_;
  encoding::DeflatedBlock sum_;  // its bytes have moved to blocks_
};

// A body under construction. With gzip it is one member: header, blocks, trailer.
class Body {
 public:
  explicit Body(ContentCoding coding);

  void append(Segment& segment);
  // Ends the body. REQUIRES: called once, last.
  http::BodyChain finish() &&;

 private:
  ContentCoding coding_;
  http::BodyChain chain_;
  encoding::GzipSum sum_;
};

}  // namespace lookout::metrics
