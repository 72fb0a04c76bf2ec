#include "src/http/server_response.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

#include "lookout/base/text.hpp"

namespace lookout::http {
namespace {

constexpr std::size_t kFieldBytesMax = std::size_t{8} * 1024;
constexpr std::array<std::string_view, 5> kServerFields = {"Connection", "Content-Length", "Date",
                                                           "Server", "Transfer-Encoding"};

bool is_token(std::string_view text) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

bool is_servers_job(std::string_view name) {
  return std::any_of(kServerFields.begin(), kServerFields.end(),
                     [name](std::string_view field) { return equals_ignoring_case(field, name); });
}

}  // namespace

std::string http_date(std::chrono::system_clock::time_point time) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 64> text{};
  // Not strftime: its names follow the locale.
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                kDays[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                kMonths[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                utc.tm_min, utc.tm_sec);
  return text.data();
}

Result<void> check_response(const ServerResponse& response) {
  if (response.status < 200 || response.status > 599) {
    return Error{ErrorCode::kInvalid, "response status " + std::to_string(response.status)};
  }
  for (const auto& [name, value] : response.headers.fields()) {
    if (!is_token(name) || is_servers_job(name)) {
      return Error{ErrorCode::kInvalid, "response field " + quote_bounded(name)};
    }
    if (name.size() + value.size() > kFieldBytesMax || !is_field_value(value)) {
      return Error{ErrorCode::kInvalid, "value of response field " + quote_bounded(name)};
    }
  }
  return {};
}

bool is_for_localhost(const ServerRequest& request) {
  const std::string* const host = request.headers.find("Host");
  if (host == nullptr) return false;
  return equals_ignoring_case(host->substr(0, host->find(':')), "localhost");
}

ServerResponse plain_response(const Refusal& refusal) {
  ServerResponse response;
  response.status = refusal.status;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Cache-Control", "no-store");
  if (refusal.status == 405) response.headers.add("Allow", "GET, HEAD");
  response.body = BodyChain(refusal.reason + "\n");
  return response;
}

}  // namespace lookout::http
