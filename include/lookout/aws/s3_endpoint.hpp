// Where an S3 bucket is reached: AWS' own endpoints or a custom one (MinIO and the like). Pure.
#pragma once

#include <string>

#include "lookout/base/result.hpp"
#include "lookout/http/url.hpp"

namespace lookout::aws {

enum class Addressing {
  kAutomatic,  // virtual-hosted on AWS; path style with a custom endpoint, an IP address, or
               // a bucket whose dots would break TLS
  kPath,
  kVirtualHost,
};

struct S3Location {
  std::string bucket;
  std::string key;       // of the object; not encoded
  std::string region;    // "" = us-east-1 until the service says otherwise
  std::string endpoint;  // "" = AWS; "http://minio:9000", "https://s3.example.org"
  Addressing addressing = Addressing::kAutomatic;
  bool dual_stack = false;
  bool fips = false;

  bool operator==(const S3Location&) const = default;
};

struct S3Target {
  http::Url origin;  // scheme, host, port
  std::string path;  // percent-encoded once, begins with '/'
};

// kInvalid: a bucket name or an endpoint that cannot be one; FIPS or dual stack with a custom
// endpoint.
Result<S3Target> resolve_s3(const S3Location& location);

}  // namespace lookout::aws
