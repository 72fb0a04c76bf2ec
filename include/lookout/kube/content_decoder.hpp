// A response's body without its Content-Encoding, in bounded pieces as they come. We ask
// for gzip rarely, but API servers from 1.37 may send a gzip'd watch: concatenated
// members, one a flush. Not thread-safe; one a response.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "lookout/base/result.hpp"

namespace lookout::kube {

class ContentDecoder {
 public:
  static constexpr std::size_t kPieceBytesMax = 64U << 10;

  // Views are valid during the call. An error from the sink ends feed().
  using ByteSink = std::function<Result<void>(std::string_view)>;
  // `content_encoding` is the header's value: "", "identity", "gzip" or "x-gzip" in any case;
  // kMalformed for others.
  static Result<ContentDecoder> create(std::string_view content_encoding, ByteSink sink);
  ~ContentDecoder();
  ContentDecoder(ContentDecoder&&) noexcept;

  // Passes on all that the bytes so far stand for. kMalformed: not gzip; and the sink's
  // errors. After an error only destruction is allowed.
  Result<void> feed(std::string_view bytes);
  // kMalformed: ended inside a gzip member.
  Result<void> finish();

 private:
  struct State;
  explicit ContentDecoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lookout::kube
