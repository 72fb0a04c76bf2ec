// Input: one byte for the pieces, then a gzip'd body as it comes. The API client's decoder and
// the repositories' give the same text, in bounded pieces, and a bomb ends at its limits.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/kube/content_decoder.hpp"

#include "src/repository/body_decoder.hpp"

using namespace lookout;

namespace {

struct Outcome {
  bool accepted = false;
  bool cut_by_limit = false;
  std::string text;
};

constexpr std::size_t kTextMax = 1U << 17;
constexpr repository::BodyLimits kLimits{1U << 16, kTextMax, 50, 1U << 12};

template <class Feed>
Result<void> feed_pieces(std::string_view body, std::size_t piece_bytes, Feed feed) {
  for (std::size_t at = 0; at < body.size(); at += piece_bytes) {
    if (auto fed = feed(body.substr(at, piece_bytes)); !fed) return fed;
  }
  return {};
}

Outcome by_api_client(std::string_view body, std::size_t piece_bytes) {
  Outcome out;
  const auto sink = [&out](std::string_view piece) -> Result<void> {
    LOOKOUT_CHECK(piece.size() <= kube::ContentDecoder::kPieceBytesMax);
    out.text += piece;
    if (out.text.size() > kTextMax) return Error{ErrorCode::kTooLarge, "enough"};
    return {};
  };
  auto decoder = kube::ContentDecoder::create("gzip", sink).value();
  const auto fed = feed_pieces(body, piece_bytes, [&](auto piece) { return decoder.feed(piece); });
  out.cut_by_limit = !fed && fed.error().code == ErrorCode::kTooLarge;
  out.accepted = fed && decoder.finish();
  return out;
}

Outcome by_scanner(std::string_view body, std::size_t piece_bytes) {
  Outcome out;
  const auto emit = [&out](std::string_view piece) -> Result<void> {
    out.text += piece;
    return {};
  };
  auto decoder = repository::BodyDecoder::create({{"Content-Encoding", "gzip"}}, kLimits).value();
  const auto fed =
      feed_pieces(body, piece_bytes, [&](auto piece) { return decoder.take(piece, emit); });
  out.cut_by_limit = !fed && fed.error().code == ErrorCode::kTooLarge;
  out.accepted = fed && decoder.finish();
  LOOKOUT_CHECK(out.text.size() <= kTextMax + (64U << 10));
  LOOKOUT_CHECK(!out.accepted || out.text.size() <= kLimits.ratio_free_bytes ||
                out.text.size() <= kLimits.ratio_max * body.size());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::size_t piece_bytes = bytes[0] + std::size_t{1};
  const Outcome api = by_api_client(body, piece_bytes);
  const Outcome whole = by_api_client(body, body.size() + 1);
  LOOKOUT_CHECK(api.accepted == whole.accepted);
  LOOKOUT_CHECK(!api.accepted || api.text == whole.text);
  const Outcome scanned = by_scanner(body, piece_bytes);
  if (api.cut_by_limit || scanned.cut_by_limit || body.empty()) return 0;
  LOOKOUT_CHECK(scanned.accepted == api.accepted);
  LOOKOUT_CHECK(!api.accepted || scanned.text == api.text);
  return 0;
}
