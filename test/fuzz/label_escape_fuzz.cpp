// A label value is one line of valid UTF-8 within its limit, its quotes escaped, and
// escaping what a parser reads back changes nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/metrics/label_text.hpp"

namespace {

using lookout::metrics::append_label_value;
using lookout::metrics::LabelCut;

constexpr std::size_t kBytesMax = 64;

// As the parsers of both formats do it.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' || text[i] == '\n') std::abort();
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    if (++i == text.size()) std::abort();
    if (text[i] != 'n' && text[i] != '\\' && text[i] != '"') std::abort();
    out += text[i] == 'n' ? '\n' : text[i];
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view value(reinterpret_cast<const char*>(bytes), size);
  std::string escaped;
  const LabelCut cut = append_label_value(escaped, value, kBytesMax);
  const std::string read_back = unescaped(escaped);
  if (read_back.size() > kBytesMax) std::abort();
  if (cut == LabelCut::kNone && size > kBytesMax) std::abort();
  std::string again;
  if (append_label_value(again, read_back, kBytesMax) != LabelCut::kNone) std::abort();
  if (again != escaped) std::abort();
  const bool ascii =
      std::all_of(value.begin(), value.end(), [](char c) { return (c & 0x80) == 0; });
  if (ascii && read_back != value.substr(0, kBytesMax)) std::abort();
  return 0;
}
