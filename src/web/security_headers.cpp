#include "src/web/security_headers.hpp"

#include <string>

namespace lookout::web {
namespace {

// The pages load nothing but our own style sheet and script.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

}  // namespace

http::ServerResponse secured(http::ServerResponse response) {
  if (response.headers.find("Content-Security-Policy") == nullptr) {
    response.headers.add("Content-Security-Policy", std::string(kPolicy));
  }
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Referrer-Policy", "no-referrer");
  response.headers.add("Cache-Control", "no-store");
  return response;
}

}  // namespace lookout::web
