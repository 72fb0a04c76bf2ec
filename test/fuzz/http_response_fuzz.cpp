// Bytes of a connection through the client's parser: whatever they are it ends without a
// failed assertion of Beast's, and an answer comes out the same however the bytes are split.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"

#include "src/http/beast_response.hpp"

namespace {

using namespace lookout;
using namespace lookout::http;

constexpr std::size_t kHeaderBytesMax = std::size_t{64} << 10;

class Recorder final : public BodySink {
 public:
  Result<void> on_head(const ResponseHead& head) override {
    LOOKOUT_CHECK(text.empty());
    text = std::to_string(head.status) + '\n';
    for (const auto& [name, value] : head.headers.fields()) text += name + ':' + value + '\n';
    return {};
  }
  Result<void> on_body(std::string_view bytes) override {
    LOOKOUT_CHECK(!text.empty());
    text += bytes;
    return {};
  }
  std::string text;
};

// All that a sink saw of a whole answer and what was left of the bytes; "" for anything else.
std::string read_all(std::string_view bytes, std::size_t step, Method method) {
  Recorder sink;
  ResponseReader reader(sink, method, kHeaderBytesMax);
  std::string held;
  while (!bytes.empty() && !reader.done()) {
    held += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    const auto used = reader.feed(held);
    if (!used) return "";
    held.erase(0, *used);
  }
  if (reader.done()) return sink.text + std::to_string(held.size() + bytes.size());
  return reader.end() ? sink.text : "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t step = data[0] / 2U + std::size_t{1};
  const Method method = data[0] % 2 == 0 ? Method::kGet : Method::kHead;
  LOOKOUT_CHECK(read_all(bytes, bytes.size(), method) == read_all(bytes, step, method));
  return 0;
}
