#include "lookout/kube/content_decoder.hpp"

#include <optional>

#include "lookout/base/text.hpp"
#include "lookout/encoding/gzip.hpp"

#include "src/kube/cleansed_bytes.hpp"

namespace lookout::kube {

struct ContentDecoder::State {
  ByteSink sink;
  std::optional<encoding::Gunzip> gunzip;  // none: identity
  CleansedBytes piece;

  Result<void> inflate(std::string_view bytes);
};

Result<void> ContentDecoder::State::inflate(std::string_view bytes) {
  for (bool room_left = false; !bytes.empty() || !room_left;) {
    const Result<encoding::Gunzip::Step> step = gunzip->step(bytes, {piece.data(), piece.size()});
    if (!step) return step.error();
    bytes.remove_prefix(step->consumed);
    room_left = step->produced < piece.size();
    if (step->produced > 0) {
      Result<void> passed = sink({piece.data(), step->produced});
      if (!passed) return passed;
    } else if (step->consumed == 0) {
      break;
    }
  }
  return {};
}

Result<ContentDecoder> ContentDecoder::create(std::string_view content_encoding, ByteSink sink) {
  auto state = std::make_unique<State>();
  state->sink = std::move(sink);
  const std::string name = to_lower(trim(content_encoding));
  if (name == "gzip" || name == "x-gzip") {
    state->gunzip.emplace();
    state->piece.resize(kPieceBytesMax);
  } else if (!name.empty() && name != "identity") {
    return Error{ErrorCode::kMalformed, "unexpected content encoding " + quote_bounded(name)};
  }
  return ContentDecoder(std::move(state));
}

ContentDecoder::ContentDecoder(std::unique_ptr<State> state) : state_(std::move(state)) {}
ContentDecoder::~ContentDecoder() = default;
ContentDecoder::ContentDecoder(ContentDecoder&&) noexcept = default;

Result<void> ContentDecoder::feed(std::string_view bytes) {
  if (!state_->gunzip) return state_->sink(bytes);
  if (bytes.empty()) return {};
  return state_->inflate(bytes);
}

Result<void> ContentDecoder::finish() {
  if (!state_->gunzip) return {};
  if (state_->gunzip->at_boundary()) return {};
  return Error{ErrorCode::kMalformed, "the gzip stream ends too early"};
}

}  // namespace lookout::kube
