#include "src/repository/oci_link.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "lookout/base/text.hpp"

#include "src/repository/peer_guard.hpp"

namespace lookout::repository {
namespace {

// Whether the parameters behind <...> say rel="next", or nothing of rel.
bool leads_on(std::string_view parameters) {
  for (const std::string_view part : split(parameters, ';')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    if (!equals_ignoring_case(trim(part.substr(0, equals)), "rel")) continue;
    std::string_view value = trim(part.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    const std::vector<std::string_view> kinds = split(value, ' ');
    return std::any_of(kinds.begin(), kinds.end(),
                       [](std::string_view kind) { return equals_ignoring_case(kind, "next"); });
  }
  return true;
}

std::string_view next_in_field(std::string_view field) {
  for (;;) {
    const std::size_t open = field.find('<');
    if (open == std::string_view::npos) return "";
    const std::size_t close = field.find('>', open);
    if (close == std::string_view::npos) return "";
    const std::string_view reference = field.substr(open + 1, close - open - 1);
    field.remove_prefix(close + 1);
    // Up to the next link: no parameter of ours holds '<'.
    if (leads_on(field.substr(0, field.find('<')))) return trim(reference);
  }
}

}  // namespace

std::string_view next_link(const http::Headers& headers) {
  for (const auto& [name, value] : headers.fields()) {
    if (!equals_ignoring_case(name, "Link") || value.size() > kLinkBytesMax) continue;
    const std::string_view reference = next_in_field(value);
    if (!reference.empty()) return reference;
  }
  return "";
}

Result<std::optional<http::Url>> next_page(const http::Url& page, const http::Headers& headers) {
  const std::string_view reference = next_link(headers);
  if (reference.empty()) return std::optional<http::Url>();
  const bool absolute = reference.starts_with("http://") || reference.starts_with("https://");
  const Result<http::Url> named =
      absolute ? http::parse_url(reference) : resolve_location(page, reference);
  if (!named.ok()) return Error{ErrorCode::kMalformed, "Link: " + named.error().message};
  if (named->host != page.host) {
    return Error{ErrorCode::kForbidden, "next page on another host " + quote_bounded(named->host)};
  }
  http::Url next = page;
  next.path = named->path;
  next.query = named->query;
  return std::optional<http::Url>(std::move(next));
}

}  // namespace lookout::repository
