#include "src/http/server_target.hpp"

#include <algorithm>

#include "lookout/base/text.hpp"
#include "lookout/http/url.hpp"

namespace lookout::http {
namespace {

Error malformed(std::string message) {
  return {ErrorCode::kMalformed, std::move(message)};
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// What RFC 3986 allows unescaped, loosely: browsers send some more of ASCII.
bool is_target_byte(char c) {
  return static_cast<unsigned char>(c) < 0x80 && !is_control(c) && c != ' ' && c != '#';
}

// "http://host:1/path?x" → "/path?x"; other text comes back as it is.
std::string_view origin_form(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string_view::npos) return text;
  const std::string_view scheme = text.substr(0, scheme_end);
  if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https")) return text;
  const std::string_view rest = text.substr(scheme_end + 3);
  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  if (authority_end == 0) return text;
  return rest.substr(authority_end);
}

// A backslash separates too: some clients and proxies rewrite it to a slash.
bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    const std::size_t end = std::min(path.find_first_of("/\\"), path.size());
    const std::string_view segment = path.substr(0, end);
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return false;
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  if (text.size() > kTargetBytesMax) return Error{ErrorCode::kTooLarge, "target too long"};
  if (!std::all_of(text.begin(), text.end(), is_target_byte)) {
    return malformed("byte not allowed in a target");
  }
  const std::string_view origin = origin_form(text);
  const std::size_t path_end = std::min(origin.find('?'), origin.size());
  const std::string_view raw_path = origin.substr(0, path_end);
  Target target;
  if (path_end < origin.size()) target.query = origin.substr(path_end + 1);
  if (raw_path.empty() && origin.size() != text.size()) {
    target.path = "/";
    return target;
  }
  if (raw_path.empty() || raw_path.front() != '/') return malformed("target is not a path");
  Result<std::string> path = percent_decode(raw_path);
  if (!path) return malformed("bad percent escape in the path");
  if (std::any_of(path->begin(), path->end(), is_control)) return malformed("control in the path");
  if (has_dot_segment(*path)) return malformed("dot segment in the path");
  target.path = std::move(*path);
  return target;
}

}  // namespace lookout::http
