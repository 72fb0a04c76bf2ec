#include "src/kube/request_headers.hpp"

#include <string_view>

namespace lookout::kube {
namespace {

bool is_token_character(char c) {
  constexpr std::string_view others = "!#$&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}

// client-go headerKeyEscape: what RFC 7230 allows in a field name stays, but '%'.
std::string escape_header_key(std::string_view key) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string escaped;
  for (const char c : key) {
    if (is_token_character(c)) {
      escaped.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    escaped.push_back('%');
    escaped.push_back(digits[byte >> 4U]);
    escaped.push_back(digits[byte & 15U]);
  }
  return escaped;
}

void add_impersonation(http::Headers& headers, const Impersonation& as) {
  if (as.user.empty()) return;
  headers.add("Impersonate-User", as.user);
  if (!as.uid.empty()) headers.add("Impersonate-Uid", as.uid);
  for (const std::string& group : as.groups) headers.add("Impersonate-Group", group);
  for (const auto& [key, values] : as.extra) {
    for (const std::string& value : values) {
      headers.add("Impersonate-Extra-" + escape_header_key(key), value);
    }
  }
}

}  // namespace

http::Headers request_headers(const std::string& accept, const std::string& authorization,
                              const ClusterConfig& config) {
  http::Headers headers{{"User-Agent", http::user_agent()}, {"Accept", accept}};
  if (!authorization.empty()) headers.add("Authorization", authorization);
  add_impersonation(headers, config.impersonate);
  return headers;
}

}  // namespace lookout::kube
