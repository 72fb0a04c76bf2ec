#include "src/web/bearer_token.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"

namespace lookout::web {
namespace {

constexpr std::string_view kScheme = "Bearer";

}  // namespace

bool is_bearer_token(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

std::optional<std::string_view> bearer_token(const http::Headers& headers) {
  const auto* const field = headers.find("Authorization");
  if (field == nullptr) return std::nullopt;
  const std::string_view value = trim(*field);
  const std::string_view scheme = value.substr(0, value.find(' '));
  if (!equals_ignoring_case(scheme, kScheme)) return std::nullopt;
  const std::string_view token = trim(value.substr(scheme.size()));
  if (!is_bearer_token(token)) return std::nullopt;
  return token;
}

}  // namespace lookout::web
