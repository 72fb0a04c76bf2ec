#include "src/repository/index_request.hpp"

#include <algorithm>
#include <chrono>

namespace lookout::repository {
namespace {

// Of no use to a request, but no time-out means none to some transports.
constexpr std::chrono::milliseconds kLeftMin{1};

}  // namespace

http::Request index_request(const http::Url& url, Duration left) {
  http::Request request;
  request.target = url.query.empty() ? url.path : url.path + "?" + url.query;
  request.headers.add("User-Agent", http::user_agent());
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(left);
  request.header_timeout = std::max(whole, kLeftMin);
  request.idle_timeout = request.header_timeout;
  return request;
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace lookout::repository
