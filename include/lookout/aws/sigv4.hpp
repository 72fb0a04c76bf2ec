// AWS Signature Version 4 (docs.aws.amazon.com: "Create a signed AWS API request"). Pure.
#pragma once

#include <string>
#include <string_view>

#include "lookout/aws/credentials.hpp"
#include "lookout/base/clock.hpp"
#include "lookout/http/message.hpp"
#include "lookout/http/url.hpp"

namespace lookout::aws {

// What a signature is for.
struct SigningScope {
  std::string region;
  std::string service;  // "s3", "sts"
  WallTime time;
};

// S3 signs the path as it is sent (encoded once, not normalised) and wants the body's digest as a
// header; every other service signs the normalised path, encoded once more.
enum class PathRule { kAsSent, kNormalised };

// What the Host header of a request to `origin` holds: without the port that is the scheme's own.
std::string host_header(const http::Url& origin);

// Adds X-Amz-Date, X-Amz-Content-Sha256 (PathRule::kAsSent), X-Amz-Security-Token and
// Authorization to `request`. `host` is what the Host header will hold: with the port when it
// is not the scheme's own. All headers present are signed; those of an earlier signature are
// replaced.
void sign_request(http::Request& request, std::string_view host, const Credentials& credentials,
                  const SigningScope& scope, PathRule rule);

// The two texts that the signature is made of; for tests against the published vectors.
std::string canonical_request(const http::Request& request, std::string_view host, PathRule rule);
std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope);

}  // namespace lookout::aws
