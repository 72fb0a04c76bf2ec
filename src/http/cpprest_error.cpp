#include "src/http/cpprest_error.hpp"

#include <cpprest/http_client.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/http/tls_material.hpp"

namespace lookout::http {
namespace {

// Values of asio.misc and asio.ssl.stream that arrive without their category.
constexpr int kEndOfFile = 2;
constexpr int kTlsTruncated = 1;

struct Phase {
  std::string_view cpprest_text;
  std::string_view phase;
};
constexpr std::array<Phase, 15> kPhases{{
    {"Error resolving address", "resolve: cannot resolve the host"},
    {"Failed to resolve address", "resolve: cannot resolve the host"},
    {"Failed to connect to any resolved endpoint", "connect"},
    {"Error resolving proxy address", "proxy: resolve: cannot resolve the proxy"},
    {"Failed to connect to any resolved proxy endpoint", "proxy: connect"},
    {"Failed to send connect request to proxy", "proxy"},
    {"Invalid HTTP status line during proxy connection", "proxy: speaks no HTTP"},
    {"Failed to read HTTP status line from proxy", "proxy"},
    {"Error in SSL handshake", "tls"},
    {"Failed to write request", "headers: request not sent"},
    {"Failed to read HTTP status line", "headers"},
    {"Invalid HTTP status line", "headers: not HTTP"},
    {"Retrieving message chunk header", "body"},
    {"Failed to read", "body"},
    {"Invalid chunked response header", "body: not chunked as it claims"},
}};

constexpr std::string_view kProxyStatus = "Expected a 200 response from proxy, received: ";

std::string phase_of(std::string_view text, Progress progress) {
  if (text.starts_with(kProxyStatus)) {
    return "proxy: answered " + std::string(text.substr(kProxyStatus.size()));
  }
  const auto known = std::find_if(kPhases.begin(), kPhases.end(), [&](const Phase& candidate) {
    return text.starts_with(candidate.cpprest_text);
  });
  if (known != kPhases.end()) return std::string(known->phase);
  const char* const phase = progress == Progress::kHeadDelivered ? "body: " : "headers: ";
  return phase + quote_bounded(text);
}

bool is_connect(std::string_view phase) {
  return phase.starts_with("connect") || phase.starts_with("proxy");
}

std::string reason_of(int value, std::string_view phase) {
  switch (value) {
    case 0: return "";
    case kEndOfFile:
    case kTlsTruncated:
    case ECONNABORTED: return "peer closed the connection early";
    case ECONNRESET: return "connection reset by peer";
    // cpprestsdk reports a refused connection so, and a broken pipe while writing.
    case EHOSTUNREACH:
      return is_connect(phase) ? "refused or unreachable" : "connection closed by peer";
    default: return std::strerror(value);
  }
}

std::string join(const std::string& phase, const std::string& reason) {
  return reason.empty() ? phase : phase + ": " + reason;
}

std::string tls_message(int value, const std::string& tls_refusal) {
  if (is_certificate_refusal(value) && !tls_refusal.empty()) return "tls: " + tls_refusal;
  return "tls: " + tls_error_text(value);
}

Failure unavailable(std::string message) {
  return {{ErrorCode::kUnavailable, std::move(message)}};
}

Failure describe_http(const web::http::http_exception& thrown, Progress progress,
                      const std::string& tls_refusal) {
  const int value = thrown.error_code().value();
  const std::string_view text = thrown.what();
  if (is_tls_error(value)) return unavailable(tls_message(value, tls_refusal));
  const std::string phase = phase_of(text, progress);
  Failure failure = unavailable(join(phase, reason_of(value, phase)));
  failure.connect_failed = is_connect(phase) || phase.starts_with("resolve");
  failure.request_unsent = text.starts_with("Failed to write request headers");
  return failure;
}

}  // namespace

Failure describe_failure(std::exception_ptr thrown, Progress progress,
                         const std::string& tls_refusal) {
  try {
    std::rethrow_exception(thrown);
  } catch (const web::http::http_exception& error) {
    return describe_http(error, progress, tls_refusal);
  } catch (const std::exception& error) {
    const char* const phase = progress == Progress::kHeadDelivered ? "body: " : "headers: ";
    return unavailable(phase + quote_bounded(error.what()));
  }
}

}  // namespace lookout::http
