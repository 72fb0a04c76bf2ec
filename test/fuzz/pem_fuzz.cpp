// Certificates and keys: refused or read, without a word in OpenSSL's error queue.
#include <openssl/err.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"

#include "src/http/tls_pem.hpp"
#include "src/kube/credential_text.hpp"

using namespace lookout;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto certificates = http::parse_certificates(text);
  const auto key = http::parse_private_key(text);
  LOOKOUT_CHECK(!certificates || !certificates->empty());
  if (certificates) LOOKOUT_CHECK(http::trust(*certificates).ok());
  if (certificates && key) (void)http::belong_together(certificates->front().get(), key->get());
  LOOKOUT_CHECK(ERR_peek_error() == 0);
  LOOKOUT_CHECK(!certificates || kube::looks_like_certificates(text));
  LOOKOUT_CHECK(!key || kube::looks_like_private_key(text));
  return 0;
}
