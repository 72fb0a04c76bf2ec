// URLs, percent-encoding, listen addresses, endpoints of S3 and proxies out of one text.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/aws/s3_endpoint.hpp"
#include "lookout/base/check.hpp"
#include "lookout/http/transport.hpp"
#include "lookout/http/url.hpp"

#include "src/http/server_address.hpp"
#include "src/http/server_target.hpp"

using namespace lookout;

namespace {

void check_url(const http::Url& url) {
  LOOKOUT_CHECK(!url.host.empty() && url.path.starts_with('/'));
  const auto again = http::parse_url(url.redacted());
  LOOKOUT_CHECK(again.ok());
  LOOKOUT_CHECK(again->userinfo.empty() && again->query.empty());
  LOOKOUT_CHECK(again->origin() == url.origin() && again->path == url.path);
}

void check_s3(const std::string& text) {
  for (const std::string& endpoint : {std::string(), text}) {
    aws::S3Location location;
    location.bucket = endpoint.empty() ? text : "charts";
    location.key = text;
    location.endpoint = endpoint;
    const auto target = aws::resolve_s3(location);
    LOOKOUT_CHECK(!target || target->path.starts_with('/'));
    LOOKOUT_CHECK(!target || target->path.find_first_of(" \r\n?#") == std::string::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto url = http::parse_url(text);
  if (url.ok()) check_url(*url);
  LOOKOUT_CHECK(http::percent_decode(http::percent_encode(text)).value() == text);
  const auto address = http::parse_listen_address(text);
  LOOKOUT_CHECK(!address || address->host.empty() || http::is_ip_address(address->host));
  const auto target = http::parse_target(text);
  LOOKOUT_CHECK(!target || (target->path + "/").find("/../") == std::string::npos);
  check_s3(text);
  const auto origin = http::parse_url("https://10.1.2.3:6443").value();
  const auto proxy = http::proxy_for(origin, {text, text, ""});
  LOOKOUT_CHECK(!proxy || !*proxy || !(*proxy)->host.empty());
  (void)http::proxy_for(origin, {"", "http://proxy:3128", text}).ok();
  return 0;
}
