// Any Accept and Accept-Encoding is answered in a format of ours, and OpenMetrics or gzip
// only goes to clients that name it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lookout/base/text.hpp"
#include "lookout/metrics/exposition.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace lookout::metrics;
  const std::string header(reinterpret_cast<const char*>(bytes), size);
  const std::string lower = lookout::to_lower(header);
  if (negotiate_format(&header) == TextFormat::kOpenMetrics100 &&
      lower.find("application/openmetrics-text") == std::string::npos) {
    std::abort();
  }
  if (negotiate_coding(&header) == ContentCoding::kGzip &&
      lower.find("gzip") == std::string::npos && lower.find('*') == std::string::npos) {
    std::abort();
  }
  return 0;
}
