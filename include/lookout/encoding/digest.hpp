// SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104), through OpenSSL. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lookout::encoding {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);

// The digest as bytes, to be the key of another one.
std::string_view digest_bytes(const Digest& digest);
// 64 lower-case hexadecimal digits.
std::string digest_hex(const Digest& digest);

}  // namespace lookout::encoding
