#include "lookout/aws/s3_endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/aws/partition.hpp"
#include "src/aws/path_text.hpp"

namespace lookout::aws {
namespace {

constexpr std::size_t kBucketBytesMax = 255;  // of the buckets of before 2018
constexpr std::size_t kDnsBucketBytesMin = 3;
constexpr std::size_t kDnsBucketBytesMax = 63;
constexpr std::size_t kKeyBytesMax = 1024;

Error invalid(std::string what) {
  return {ErrorCode::kInvalid, "s3: " + std::move(what)};
}

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_bucket_byte(char c) {
  return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
}

bool is_ip_address(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

Result<void> check_bucket(const std::string& bucket) {
  const bool valid = !bucket.empty() && bucket.size() <= kBucketBytesMax && bucket != "." &&
                     bucket != ".." && std::all_of(bucket.begin(), bucket.end(), is_bucket_byte);
  if (!valid) return invalid("bucket " + quote_bounded(bucket) + " is no bucket name");
  return {};
}

// Whether the name can be part of a host name (docs.aws.amazon.com: "Bucket naming rules").
bool is_dns_bucket(const std::string& bucket) {
  return bucket.size() >= kDnsBucketBytesMin && bucket.size() <= kDnsBucketBytesMax &&
         is_lower_or_digit(bucket.front()) && is_lower_or_digit(bucket.back()) &&
         std::all_of(bucket.begin(), bucket.end(),
                     [](char c) { return is_lower_or_digit(c) || c == '-' || c == '.'; }) &&
         bucket.find("..") == std::string::npos && bucket.find(".-") == std::string::npos &&
         bucket.find("-.") == std::string::npos && !is_ip_address(bucket);
}

Result<http::Url> custom_origin(const S3Location& location) {
  if (location.fips || location.dual_stack) {
    return invalid("FIPS and dual stack are for AWS' own endpoints, not for a custom one");
  }
  Result<http::Url> url = http::parse_url(location.endpoint);
  if (!url) return invalid("endpoint: " + url.error().message);
  if (url->scheme != "http" && url->scheme != "https") {
    return invalid("endpoint: the scheme is neither http nor https");
  }
  if (!url->userinfo.empty()) return invalid("endpoint: credentials do not belong into it");
  if (!url->query.empty()) return invalid("endpoint: a query does not belong into it");
  while (url->path.ends_with('/')) url->path.pop_back();
  return url;
}

Result<http::Url> aws_origin(const S3Location& location) {
  const std::string region = location.region.empty() ? "us-east-1" : location.region;
  if (!is_region_name(region)) return invalid("region " + quote_bounded(region) + " is none");
  if (location.fips && is_china(region)) return invalid("there is no FIPS endpoint in China");
  http::Url url;
  url.scheme = "https";
  url.port = 443;
  url.host = std::string(location.fips ? "s3-fips." : "s3.") +
             (location.dual_stack ? "dualstack." : "") + region + "." +
             std::string(dns_suffix(region));
  return url;
}

bool uses_virtual_host(const S3Location& location, const http::Url& origin) {
  if (location.addressing != Addressing::kAutomatic) {
    return location.addressing == Addressing::kVirtualHost;
  }
  // A wildcard certificate covers one label.
  const bool breaks_tls =
      origin.scheme == "https" && location.bucket.find('.') != std::string::npos;
  return location.endpoint.empty() && is_dns_bucket(location.bucket) && !breaks_tls;
}

std::optional<Error> no_virtual_host(const S3Location& location, const http::Url& origin) {
  if (!is_dns_bucket(location.bucket)) {
    return invalid("bucket " + quote_bounded(location.bucket) + " cannot be part of a host name");
  }
  if (is_ip_address(origin.host)) {
    return invalid("virtual-hosted style needs a host name, the endpoint is an IP address");
  }
  return std::nullopt;
}

}  // namespace

Result<S3Target> resolve_s3(const S3Location& location) {
  if (auto checked = check_bucket(location.bucket); !checked) return checked.error();
  if (location.key.size() > kKeyBytesMax) return invalid("a key has at most 1,024 bytes");
  Result<http::Url> origin =
      location.endpoint.empty() ? aws_origin(location) : custom_origin(location);
  if (!origin) return origin.error();

  S3Target target;
  target.origin = std::move(origin).value();
  target.path = std::exchange(target.origin.path, "/");
  if (uses_virtual_host(location, target.origin)) {
    if (auto reason = no_virtual_host(location, target.origin)) return *reason;
    target.origin.host = location.bucket + "." + target.origin.host;
  } else {
    target.path += "/" + location.bucket;
  }
  if (!location.key.empty()) target.path += "/" + encode_path(location.key);
  if (target.path.empty()) target.path = "/";
  return target;
}

}  // namespace lookout::aws
