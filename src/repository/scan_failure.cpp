#include "src/repository/scan_failure.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/http/transport.hpp"

#include "src/repository/index_request.hpp"

namespace lookout::repository {
namespace {

constexpr std::chrono::seconds kRetryAfterMax = std::chrono::hours(24);
constexpr std::size_t kUrlShownBytesMax = 512;

ScanErrorType type_of(const Error& error) {
  if (error.code == ErrorCode::kTooLarge) return ScanErrorType::kTooLarge;
  if (error.code == ErrorCode::kMalformed) return ScanErrorType::kMalformed;
  // Of a request, only its credentials and custom headers are not ours.
  if (error.code == ErrorCode::kInvalid) return ScanErrorType::kCredentials;
  std::string_view text = error.message;
  if (text.find(http::kTimedOut) != std::string_view::npos) return ScanErrorType::kTimeout;
  if (text.starts_with(http::phase::kProxy)) text.remove_prefix(http::phase::kProxy.size());
  if (text.starts_with(http::phase::kResolve)) return ScanErrorType::kDns;
  if (text.starts_with(http::phase::kTls)) return ScanErrorType::kTls;
  return ScanErrorType::kConnect;
}

ScanErrorType type_of(helm::IndexDefect defect) {
  switch (defect) {
    case helm::IndexDefect::kEmpty: return ScanErrorType::kEmpty;
    case helm::IndexDefect::kNotAnIndex: return ScanErrorType::kNotAnIndex;
    case helm::IndexDefect::kMalformed: return ScanErrorType::kMalformed;
    case helm::IndexDefect::kTooLarge: return ScanErrorType::kTooLarge;
    case helm::IndexDefect::kAliases: return ScanErrorType::kAliases;
  }
  return ScanErrorType::kMalformed;
}

ScanErrorType type_of(const http::ResponseHead& head) {
  switch (head.status) {
    case 401:
    case 407: return ScanErrorType::kUnauthorized;
    case 403: return ScanErrorType::kForbidden;
    case 404:
    case 410: return ScanErrorType::kNotFound;
    case 408: return ScanErrorType::kTimeout;
    case 429: return ScanErrorType::kThrottled;
    default: break;
  }
  if (head.status == 503 && retry_after(head.headers)) return ScanErrorType::kThrottled;
  if (is_redirect(head.status)) return ScanErrorType::kRedirect;
  return ScanErrorType::kHttpStatus;
}

std::string status_text(int status) {
  static constexpr std::array<std::pair<int, std::string_view>, 17> kReasons = {
      {{301, "Moved Permanently"},
       {302, "Found"},
       {303, "See Other"},
       {304, "Not Modified"},
       {307, "Temporary Redirect"},
       {308, "Permanent Redirect"},
       {400, "Bad Request"},
       {401, "Unauthorized"},
       {403, "Forbidden"},
       {404, "Not Found"},
       {407, "Proxy Authentication Required"},
       {410, "Gone"},
       {429, "Too Many Requests"},
       {500, "Internal Server Error"},
       {502, "Bad Gateway"},
       {503, "Service Unavailable"},
       {504, "Gateway Timeout"}}};
  const auto known = std::find_if(kReasons.begin(), kReasons.end(),
                                  [&](const auto& reason) { return reason.first == status; });
  std::string text = std::to_string(status);
  if (known != kReasons.end()) text.append(" ").append(known->second);
  return text;
}

}  // namespace

std::string shown_url(const http::Url& url) {
  const bool plain =
      (url.scheme == "http" && url.port == 80) || (url.scheme == "https" && url.port == 443);
  std::string host = url.host_and_port();
  if (plain) host.resize(host.rfind(':'));
  std::string text = url.scheme + "://" + host + url.path;
  if (text.size() > kUrlShownBytesMax) text = text.substr(0, kUrlShownBytesMax) + "...";
  return text;
}

ScanOutcome transport_failure(const Error& error, const std::string& place) {
  if (error.code == ErrorCode::kCancelled) return Cancelled{};
  return ScanError{.type = type_of(error),
                   .message = place + ": " + error.message,
                   .retry_after = error.retry_after};
}

ScanOutcome index_failure(const helm::IndexFailure& failure, const std::string& place) {
  if (!failure.defect) return transport_failure(failure.error, place);
  return ScanError{.type = type_of(*failure.defect),
                   .message = place + ": " + failure.error.message,
                   .retry_after = std::nullopt};
}

ScanError status_failure(const http::ResponseHead& head, const http::Url& url,
                         std::string_view detail, std::string_view hint) {
  std::string message = status_text(head.status);
  if (!detail.empty()) message.append(" (").append(detail).append(")");
  message += " from " + shown_url(url);
  if (!hint.empty()) message.append(": ").append(hint);
  return {.type = type_of(head),
          .message = std::move(message),
          .retry_after = retry_after(head.headers)};
}

ScanOutcome settings_failure(const Error& error) {
  if (error.code == ErrorCode::kCancelled) return Cancelled{};
  const bool throttled = error.code == ErrorCode::kThrottled;
  return ScanError{.type = throttled ? ScanErrorType::kThrottled : ScanErrorType::kCredentials,
                   .message = error.message,
                   .retry_after = error.retry_after};
}

std::optional<std::chrono::seconds> retry_after(const http::Headers& headers) {
  const std::string* const text = headers.find("Retry-After");
  if (text == nullptr) return std::nullopt;
  const auto seconds = parse_number<std::uint32_t>(trim(*text));
  if (!seconds) return std::nullopt;
  return std::min(std::chrono::seconds(*seconds), kRetryAfterMax);
}

}  // namespace lookout::repository
