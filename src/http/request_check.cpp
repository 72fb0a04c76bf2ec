#include "src/http/request_check.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "lookout/base/text.hpp"

namespace lookout::http {
namespace {

constexpr std::array<std::string_view, 3> kFramingFields = {"Content-Length", "Transfer-Encoding",
                                                            "Trailer"};

Error refuse(const char* what, std::string_view text) {
  return {ErrorCode::kInvalid, what + quote_bounded(text)};
}

bool breaks_a_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_target(std::string_view text) {
  return text.starts_with('/') && !text.starts_with("//") &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
}

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kSymbols = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kSymbols.find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<void> check_request(const Request& request) {
  if (!is_target(request.target)) return refuse("headers: bad request target ", request.target);
  for (const auto& [field, value] : request.headers.fields()) {
    const std::string_view name = field;
    if (!is_token(name)) return refuse("headers: bad field name ", name);
    if (breaks_a_line(value)) return refuse("headers: line break in field ", name);
    const bool framing =
        std::any_of(kFramingFields.begin(), kFramingFields.end(),
                    [&](std::string_view own) { return equals_ignoring_case(own, name); });
    if (framing) return refuse("headers: not the caller's to set: ", name);
  }
  return {};
}

}  // namespace lookout::http
