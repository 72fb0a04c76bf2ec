// Input: one byte that says how the rest is packed, then a payload, gzip bytes or JSON.
// What verify mode accepts, stop mode must accept, and both must not depend on the packing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "lookout/encoding/base64.hpp"
#include "lookout/encoding/gzip.hpp"
#include "lookout/helm/release.hpp"

namespace {

using namespace lookout::helm;

std::string payload_of(std::uint8_t how, std::string_view rest) {
  using namespace lookout::encoding;
  switch (how % 4) {
    case 0: return std::string(rest);                    // base64 as it comes
    case 1: return base64_encode(rest);                  // gzip or JSON as it comes
    case 2: return base64_encode(gzip(rest, how % 10));  // JSON
    default:
      return base64_encode(gzip(rest.substr(0, how)) +
                           gzip(rest.substr(std::min<std::size_t>(how, rest.size()))));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string payload =
      payload_of(bytes[0], {reinterpret_cast<const char*>(bytes + 1), size - 1});
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
