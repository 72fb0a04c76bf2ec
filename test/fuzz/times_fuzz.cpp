// RFC 3339, HTTP dates and durations: what is read is written back as the same moment.
#include <time.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/encoding/time.hpp"

#include "src/cli/duration.hpp"
#include "src/repository/http_date.hpp"

namespace {

using namespace lookout;

// As the C library writes it.
std::string http_date(std::time_t seconds) {
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto seconds = encoding::parse_rfc3339(text)) {
    // Offsets can lead out of the years that have four digits.
    const std::string written = encoding::format_rfc3339(*seconds);
    LOOKOUT_CHECK(written.size() != 20 || encoding::parse_rfc3339(written) == seconds);
  }
  if (const auto date = repository::parse_http_date(text)) {
    const auto since = std::chrono::floor<std::chrono::seconds>(date->time_since_epoch());
    LOOKOUT_CHECK(repository::parse_http_date(http_date(since.count())) == date);
  }
  const auto duration = cli::parse_duration(text);
  LOOKOUT_CHECK(!duration || (duration->count() >= 0 && *duration < std::chrono::hours(2'000)));
  return 0;
}
