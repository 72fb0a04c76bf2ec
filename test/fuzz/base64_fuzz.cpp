// Whole, streamed and checked-only decoding agree, with OpenSSL's too; encoding is the inverse.
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "lookout/encoding/base64.hpp"

namespace {

// EVP_DecodeBlock passes over white space at both ends, takes no line ends inside and does not say
// how much is padding: it judges texts without line ends only.
bool agrees_with_openssl(std::string_view text, const std::string* decoded) {
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  const bool comparable =
      std::none_of(text.begin(), text.end(), is_space) && text.find('-') == std::string_view::npos;
  if (!comparable || text.empty()) return true;
  std::string out(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (decoded == nullptr) {
    // It takes '=' for a character of value 0 wherever it stands.
    return size < 0 || text.find('=') != std::string_view::npos;
  }
  return size >= 0 && out.starts_with(*decoded) &&
         static_cast<std::size_t>(size) - decoded->size() < 3;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace lookout::encoding;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto whole = base64_decode(text);
  if (is_base64(text) != whole.ok()) std::abort();
  if (!agrees_with_openssl(text, whole.ok() ? &*whole : nullptr)) std::abort();

  Base64Source<TextSource> source(std::in_place, text);
  std::string streamed;
  std::string out(size % 61 + 3, '\0');
  while (const std::size_t read = source.read(out)) streamed.append(out, 0, read);
  if (source.failed() == whole.ok()) std::abort();
  if (whole.ok() && *whole != streamed) std::abort();
  if (base64_decode(base64_encode(text)).value() != text) std::abort();
  return 0;
}
