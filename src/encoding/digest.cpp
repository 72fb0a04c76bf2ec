#include "lookout/encoding/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lookout/base/check.hpp"

namespace lookout::encoding {

Digest sha256(std::string_view bytes) {
  Digest digest{};
  unsigned int size = 0;
  const int done =
      ::EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
  LOOKOUT_CHECK(done == 1 && size == digest.size());
  return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  LOOKOUT_CHECK(key.size() <= std::size_t{1} << 30);
  // A null key means "the one of before" to OpenSSL.
  const void* const secret = key.empty() ? "" : key.data();
  Digest digest{};
  unsigned int size = 0;
  const auto* const text = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* const done = ::HMAC(::EVP_sha256(), secret, static_cast<int>(key.size()), text,
                                  bytes.size(), digest.data(), &size);
  LOOKOUT_CHECK(done != nullptr && size == digest.size());
  return digest;
}

std::string_view digest_bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string digest_hex(const Digest& digest) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : digest) {
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

}  // namespace lookout::encoding
