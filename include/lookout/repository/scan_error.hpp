// Why a scan failed, as a closed set: values of the label `error_type` of
// helm_repository_sync_errors_total.
#pragma once

#include <cstdint>
#include <string_view>

namespace lookout::repository {

enum class ScanErrorType : std::uint8_t {
  kDns,
  kConnect,
  kTls,
  kTimeout,
  kUnauthorized,
  kForbidden,
  kNotFound,
  kThrottled,
  kRedirect,    // to another host, or too many of them
  kHttpStatus,  // any other that is no success
  kSignature,
  kRegion,
  kClockSkew,
  kCredentials,  // none found, or a file of them cannot be read
  kTooLarge,
  kEmpty,
  kNotAnIndex,
  kMalformed,
  kAliases,
};
inline constexpr int kScanErrorTypeCount = 19;
std::string_view scan_error_name(ScanErrorType type);  // "dns", "connect", ...

}  // namespace lookout::repository
