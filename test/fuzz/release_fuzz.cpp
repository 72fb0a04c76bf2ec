// Input: one byte that says how the rest is packed, then a payload, gzip bytes or JSON.
// What verify mode accepts, stop mode must accept, and both must not depend on the packing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "lookout/encoding/base64.hpp"
#include "lookout/helm/release.hpp"

#include "test/fuzz/packed_payload.hpp"

using namespace lookout::helm;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string payload = lookout::packed_payload({reinterpret_cast<const char*>(bytes), size});
  const std::string twice = lookout::encoding::base64_encode(payload);
  const DecodeLimits limits{1U << 20, 10'000, 1U << 16, 1U << 18};
  const auto decode = [&](std::string_view text, PayloadEncoding encoding, DecodeMode mode) {
    return decode_release(text, encoding, mode, limits);
  };
  const auto verified = decode(payload, PayloadEncoding::kBase64, DecodeMode::kVerify);
  const auto stopped = decode(payload, PayloadEncoding::kBase64, DecodeMode::kStop);
  const bool accepted = std::holds_alternative<ReleaseFacts>(verified);
  if (accepted && !std::holds_alternative<ReleaseFacts>(stopped)) std::abort();
  if (decode(twice, PayloadEncoding::kDoubleBase64, DecodeMode::kVerify) != verified) std::abort();
  if (decode(twice, PayloadEncoding::kDoubleBase64, DecodeMode::kStop) != stopped) std::abort();
  return 0;
}
