// Standard base64 (RFC 4648 section 4), as Go's base64.StdEncoding reads it: padding
// required, '\r' and '\n' anywhere are skipped, nothing after the padding but those.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"

namespace lookout::encoding {

// A pull source over text in memory; Base64Reader<Base64Reader<...>> nests layers.
// Source: `std::size_t read(std::span<char> out)`, 0 at the end, and `bool failed() const`.
class TextSource {
 public:
  explicit TextSource(std::string_view text) : rest_(text) {}
  std::size_t read(std::span<char> out);
  bool failed() const { return false; }

 private:
  std::string_view rest_;
};

Result<std::string> base64_decode(std::string_view text);
std::string base64_encode(std::string_view bytes);

}  // namespace lookout::encoding
