#include "test/fakes/continue_token.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"
#include "lookout/encoding/base64.hpp"

namespace lookout::fakes {
namespace {

constexpr std::string_view kHead = R"({"v":"meta.k8s.io/v1","rv":)";
constexpr std::string_view kMiddle = R"(,"start":")";
constexpr std::string_view kTail = R"(\u0000"})";

}  // namespace

std::string encode_token(const ContinueToken& token) {
  std::string json(kHead);
  json += std::to_string(token.resource_version);
  json += kMiddle;
  json += token.last;
  json += kTail;
  std::string out = encoding::base64_encode(json);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  out.erase(std::find(out.begin(), out.end(), '='), out.end());
  return out;
}

std::optional<ContinueToken> decode_token(std::string_view text) {
  std::string standard(text);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  const Result<std::string> json = encoding::base64_decode(standard);
  if (!json || !json->starts_with(kHead) || !json->ends_with(kTail)) return std::nullopt;
  const std::size_t middle = json->find(kMiddle);
  if (middle == std::string::npos) return std::nullopt;
  const auto version = parse_number<std::int64_t>(
      std::string_view(*json).substr(kHead.size(), middle - kHead.size()));
  if (!version) return std::nullopt;
  const std::size_t start = middle + kMiddle.size();
  return ContinueToken{*version, json->substr(start, json->size() - kTail.size() - start)};
}

}  // namespace lookout::fakes
