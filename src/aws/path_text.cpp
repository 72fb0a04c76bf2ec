#include "src/aws/path_text.hpp"

#include <vector>

#include "lookout/base/text.hpp"
#include "lookout/http/url.hpp"

namespace lookout::aws {

std::string encode_path(std::string_view path) {
  std::string out;
  for (const std::string_view segment : split(path, '/')) {
    out += http::percent_encode(segment);
    out += '/';
  }
  out.pop_back();
  return out;
}

std::string normalise_path(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view segment : split(path, '/')) {
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
  }
  std::string out;
  for (const std::string_view segment : kept) out.append("/").append(segment);
  if (out.empty() || path.ends_with('/')) out += '/';
  return out;
}

}  // namespace lookout::aws
