// Ways to cut an answer into the pieces in which it arrives.
#pragma once

#include <cstddef>
#include <string_view>

#include "lookout/base/result.hpp"

namespace lookout::kube {

// Pieces of `piece_bytes`; stops at the first error.
template <class Decoder>
Result<void> feed_pieces(Decoder& decoder, std::string_view bytes, std::size_t piece_bytes) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, piece_bytes);
    if (Result<void> fed = decoder.feed(piece); !fed) return fed;
    bytes.remove_prefix(piece.size());
  }
  return {};
}

// Two pieces, cut at `cut`.
template <class Decoder>
Result<void> feed_cut(Decoder& decoder, std::string_view bytes, std::size_t cut) {
  if (Result<void> fed = decoder.feed(bytes.substr(0, cut)); !fed) return fed;
  return decoder.feed(bytes.substr(cut));
}

}  // namespace lookout::kube
