// The API server's continue token: base64url of {"v":"meta.k8s.io/v1","rv":6,"start":"a/b\u0000"}.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lookout::fakes {

struct ContinueToken {
  std::int64_t resource_version = 0;  // -1: whatever is current
  std::string last;                   // "namespace/name" of the last item sent
};

std::string encode_token(const ContinueToken& token);
std::optional<ContinueToken> decode_token(std::string_view text);

}  // namespace lookout::fakes
