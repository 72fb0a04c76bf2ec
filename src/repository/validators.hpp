// What makes the next GET conditional: the answer's ETag and Last-Modified, opaque.
#pragma once

#include <string>

#include "lookout/http/message.hpp"
#include "lookout/http/url.hpp"

namespace lookout::repository {

inline constexpr std::size_t kValidatorBytesMax = 1024;

// Of the last index that was read well. They go back only to the URL they came from (its query
// aside, which may be a fresh signature each time): another server's dates mean nothing.
class Validators {
 public:
  void remember(const http::Url& url, const http::Headers& answer);
  // Adds If-None-Match and If-Modified-Since; false when there is nothing to add for this URL.
  bool add_to(const http::Url& url, http::Headers& request) const;

 private:
  std::string place_;
  std::string etag_;
  std::string last_modified_;
};

}  // namespace lookout::repository
