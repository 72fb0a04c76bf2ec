// What people hand to "decode": an object, or a payload with any number of its layers.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/encoding/base64.hpp"

#include "src/cli/decode_input.hpp"

using namespace lookout;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto input = cli::parse_decode_input(text);
  if (!input) {
    LOOKOUT_CHECK(input.error().message.find('\n') == std::string::npos);
    return 0;
  }
  if (!input->payload) return 0;
  (void)helm::decode_release(*input->payload, input->encoding, helm::DecodeMode::kVerify);
  return 0;
}
