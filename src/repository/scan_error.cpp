#include "lookout/repository/scan_error.hpp"

#include <array>

#include "lookout/base/check.hpp"

namespace lookout::repository {
namespace {

constexpr std::array<std::string_view, kScanErrorTypeCount> kNames = {
    "dns",       "connect",      "tls",        "timeout",     "unauthorized",
    "forbidden", "not_found",    "throttled",  "redirect",    "http_status",
    "signature", "region",       "clock_skew", "credentials", "too_large",
    "empty",     "not_an_index", "malformed",  "aliases"};

}  // namespace

std::string_view scan_error_name(ScanErrorType type) {
  const auto index = static_cast<std::size_t>(type);
  LOOKOUT_CHECK(index < kNames.size());
  return kNames[index];
}

}  // namespace lookout::repository
