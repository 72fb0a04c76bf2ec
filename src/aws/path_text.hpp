// Paths of URLs as signatures and S3 want them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace lookout::aws {

// Percent-encodes everything but unreserved characters and '/'.
std::string encode_path(std::string_view path);

// Without "." and "..", which take effect (RFC 3986 section 5.2.4), and without empty segments;
// ends with '/' when `path` does. Begins with '/'.
std::string normalise_path(std::string_view path);

}  // namespace lookout::aws
