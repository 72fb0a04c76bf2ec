#include "src/repository/s3_refusal.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "lookout/base/text.hpp"
#include "lookout/encoding/xml.hpp"

#include "src/repository/index_request.hpp"
#include "src/repository/scan_failure.hpp"

namespace lookout::repository {
namespace {

constexpr std::size_t kWordBytesMax = 64;

struct KnownCode {
  std::string_view code;
  ScanErrorType type;
  std::string_view hint;
};

constexpr std::string_view kClockHint = "this machine's clock is more than 15 minutes off";
constexpr std::string_view kKeyHint = "the secret access key may be wrong";
constexpr std::string_view kTokenHint = "the session token was refused, also a fresh one";
constexpr std::string_view kRegionHint = "the bucket is in another region";

constexpr std::array<KnownCode, 22> kCodes = {{
    {"SignatureDoesNotMatch", ScanErrorType::kSignature, kKeyHint},
    {"XAmzContentSHA256Mismatch", ScanErrorType::kSignature, ""},
    {"AuthorizationHeaderMalformed", ScanErrorType::kRegion, "the region may be wrong"},
    {"PermanentRedirect", ScanErrorType::kRegion, kRegionHint},
    {"TemporaryRedirect", ScanErrorType::kRegion, kRegionHint},
    {"IllegalLocationConstraintException", ScanErrorType::kRegion, kRegionHint},
    {"RequestTimeTooSkewed", ScanErrorType::kClockSkew, kClockHint},
    {"RequestExpired", ScanErrorType::kClockSkew, kClockHint},
    {"ExpiredToken", ScanErrorType::kCredentials, kTokenHint},
    {"InvalidToken", ScanErrorType::kCredentials, kTokenHint},
    {"TokenRefreshRequired", ScanErrorType::kCredentials, kTokenHint},
    {"InvalidAccessKeyId", ScanErrorType::kCredentials, "the access key ID is unknown there"},
    {"InvalidClientTokenId", ScanErrorType::kCredentials, "the access key ID is unknown there"},
    {"AllAccessDisabled", ScanErrorType::kForbidden, "the bucket is closed to everybody"},
    {"AccountProblem", ScanErrorType::kForbidden, "the AWS account has a problem"},
    {"InvalidObjectState", ScanErrorType::kForbidden, "the object is archived"},
    {"NoSuchBucket", ScanErrorType::kNotFound, "there is no such bucket"},
    {"NoSuchKey", ScanErrorType::kNotFound, "there is no such object in the bucket"},
    {"RequestTimeout", ScanErrorType::kTimeout, ""},
    {"SlowDown", ScanErrorType::kThrottled, ""},
    {"RequestLimitExceeded", ScanErrorType::kThrottled, ""},
    {"ServiceUnavailable", ScanErrorType::kThrottled, ""},
}};

constexpr std::string_view kSignedForbidden =
    "the role may lack s3:GetObject; without s3:ListBucket a missing object looks the same";
constexpr std::string_view kAnonymousForbidden =
    "anonymous access: the bucket may not be public; a missing object looks the same";

// A word of the service that is safe to repeat: codes and regions hold nothing else.
std::string word(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  });
  return plain && text.size() <= kWordBytesMax ? std::string(text) : "";
}

// It becomes part of a host name.
std::string region_word(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  return plain && text.size() <= kWordBytesMax ? std::string(text) : "";
}

// "eu-west-1" of "bucket.s3.eu-west-1.amazonaws.com" and of "bucket.s3-eu-west-1.amazonaws.com".
std::string region_of_host(std::string_view host) {
  if (!host.ends_with(".amazonaws.com") && !host.ends_with(".amazonaws.com.cn")) return "";
  const auto labels = split(host, '.');
  for (std::size_t i = 0; i + 1 < labels.size(); ++i) {
    if (labels[i].starts_with("s3-")) return region_word(labels[i].substr(3));
    if (labels[i] != "s3") continue;
    const std::string_view next = labels[i + 1] == "dualstack" ? labels[i + 2] : labels[i + 1];
    return next == "amazonaws" ? "us-east-1" : region_word(next);
  }
  return "";
}

std::string region_of(const http::Headers& headers, const encoding::Xml& document) {
  if (const std::string* const header = headers.find("x-amz-bucket-region")) {
    return region_word(*header);
  }
  const std::string_view named = document.child_text("Region");
  if (!named.empty()) return region_word(named);
  const std::string_view endpoint = document.child_text("Endpoint");
  if (!endpoint.empty()) return region_of_host(endpoint);
  const std::string* const location = headers.find("Location");
  if (location == nullptr) return "";
  const Result<http::Url> url = http::parse_url(*location);
  return url.ok() ? region_of_host(url->host) : "";
}

const KnownCode* known_code(std::string_view code) {
  const auto known = std::find_if(kCodes.begin(), kCodes.end(),
                                  [&](const KnownCode& row) { return row.code == code; });
  return known == kCodes.end() ? nullptr : &*known;
}

}  // namespace

S3Refusal read_s3_refusal(const http::ResponseHead& head, std::string_view body) {
  Result<encoding::Xml> document = encoding::parse_xml(body);
  const bool error_document = document.ok() && document->name == "Error";
  const encoding::Xml error = error_document ? std::move(*document) : encoding::Xml();
  return {head, word(error.child_text("Code")), region_of(head.headers, error)};
}

S3Remedy remedy_of(const S3Refusal& refusal, std::string_view used_region) {
  const int status = refusal.head.status;
  const bool misdirected = is_redirect(status) || status == 400;
  if (misdirected && !refusal.region.empty() && refusal.region != used_region) {
    return S3Remedy::kRegion;
  }
  const KnownCode* const known = known_code(refusal.code);
  if (known == nullptr) return S3Remedy::kNone;
  if (known->type == ScanErrorType::kClockSkew) return S3Remedy::kClock;
  return known->type == ScanErrorType::kCredentials ? S3Remedy::kCredentials : S3Remedy::kNone;
}

ScanError s3_failure(const S3Refusal& refusal, const http::Url& url, S3Access access) {
  const KnownCode* const known = known_code(refusal.code);
  std::string_view hint = known == nullptr ? "" : known->hint;
  if (known == nullptr && refusal.head.status == 403) {
    hint = access == S3Access::kSigned ? kSignedForbidden : kAnonymousForbidden;
  }
  ScanError failure = status_failure(refusal.head, url, refusal.code, hint);
  if (known != nullptr) failure.type = known->type;
  if (refusal.code.starts_with("Throttl")) failure.type = ScanErrorType::kThrottled;
  return failure;
}

}  // namespace lookout::repository
