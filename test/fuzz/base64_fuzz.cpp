// Whole, streamed and checked-only decoding agree; encoding is the inverse.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "lookout/encoding/base64.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace lookout::encoding;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto whole = base64_decode(text);
  if (is_base64(text) != whole.ok()) std::abort();

  Base64Source<TextSource> source(std::in_place, text);
  std::string streamed;
  std::string out(size % 61 + 3, '\0');
  while (const std::size_t read = source.read(out)) streamed.append(out, 0, read);
  if (source.failed() == whole.ok()) std::abort();
  if (whole.ok() && *whole != streamed) std::abort();
  if (base64_decode(base64_encode(text)).value() != text) std::abort();
  return 0;
}
