// What S3 answers instead of an object: its error document ("Error responses" of the Amazon S3
// API reference) and what can be done about it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "lookout/http/message.hpp"
#include "lookout/http/url.hpp"
#include "lookout/repository/scan.hpp"

namespace lookout::repository {

struct S3Refusal {
  http::ResponseHead head;
  std::string code;    // "NoSuchKey"; "" when the body is no error document
  std::string region;  // where the answer says the bucket is; "" when it does not

  bool operator==(const S3Refusal& other) const {
    return head.status == other.head.status && code == other.code && region == other.region;
  }
};

// `body` may be anything.
S3Refusal read_s3_refusal(const http::ResponseHead& head, std::string_view body);

// What a second request would have to change.
enum class S3Remedy { kNone, kRegion, kClock, kCredentials };
S3Remedy remedy_of(const S3Refusal& refusal, std::string_view used_region);

enum class S3Access { kSigned, kAnonymous };
// When nothing helped.
ScanError s3_failure(const S3Refusal& refusal, const http::Url& url, S3Access access);

}  // namespace lookout::repository
