#include "lookout/helm/release.hpp"

#include <array>

#include "src/helm/payload_source.hpp"
#include "src/helm/release_json.hpp"

namespace lookout::helm {
namespace {

constexpr std::array<std::string_view, kUndecodableCount> kReasons = {
    "empty", "no_release_key", "base64", "gzip", "too_large", "bad_json", "wrong_type"};

}  // namespace

std::string_view undecodable_reason(Undecodable reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}

DecodeOutcome decode_release(std::string_view payload, PayloadEncoding encoding, DecodeMode mode,
                             const DecodeLimits& limits) {
  if (payload.empty()) return Undecodable::kEmpty;
  PayloadSource source(payload, encoding, limits);
  return read_release_json(source, mode, limits);
}

std::size_t storage_bytes(std::string_view payload, PayloadEncoding encoding) {
  if (encoding == PayloadEncoding::kBase64) return payload.size();
  const std::size_t padding = payload.ends_with("==") ? 2 : payload.ends_with('=') ? 1 : 0;
  const std::size_t bytes = payload.size() / 4 * 3;
  return bytes < padding ? 0 : bytes - padding;
}

}  // namespace lookout::helm
