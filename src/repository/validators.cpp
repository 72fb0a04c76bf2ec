#include "src/repository/validators.hpp"

#include <algorithm>

namespace lookout::repository {
namespace {

// "" when absent or nothing to send back.
std::string usable(const http::Headers& headers, std::string_view name) {
  const std::string* const value = headers.find(name);
  if (value == nullptr || value->size() > kValidatorBytesMax) return "";
  const bool printable =
      std::all_of(value->begin(), value->end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  return printable ? *value : "";
}

}  // namespace

void Validators::remember(const http::Url& url, const http::Headers& answer) {
  place_ = url.redacted();
  etag_ = usable(answer, "ETag");
  last_modified_ = usable(answer, "Last-Modified");
}

bool Validators::add_to(const http::Url& url, http::Headers& request) const {
  if (place_ != url.redacted()) return false;
  if (!etag_.empty()) request.add("If-None-Match", etag_);
  if (!last_modified_.empty()) request.add("If-Modified-Since", last_modified_);
  return !etag_.empty() || !last_modified_.empty();
}

}  // namespace lookout::repository
