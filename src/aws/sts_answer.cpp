#include "src/aws/sts_answer.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "lookout/aws/retry.hpp"
#include "lookout/encoding/time.hpp"
#include "lookout/encoding/xml.hpp"

#include "src/aws/source_context.hpp"

namespace lookout::aws {
namespace {

constexpr encoding::XmlLimits kXmlLimits{
    .bytes_max = std::size_t{64} * 1024, .depth_max = 8, .elements_max = 200};
constexpr std::size_t kCodeBytesMax = 64;

constexpr std::array<std::string_view, 10> kBadIdentityCodes = {"ExpiredToken",
                                                                "ExpiredTokenException",
                                                                "InvalidIdentityToken",
                                                                "InvalidClientTokenId",
                                                                "IncompleteSignature",
                                                                "SignatureDoesNotMatch",
                                                                "MissingAuthenticationToken",
                                                                "RequestExpired",
                                                                "UnrecognizedClientException",
                                                                "InvalidAccessKeyId"};

Error not_an_answer(const std::string& what) {
  return {ErrorCode::kUnavailable, "the answer: " + what};
}

bool is_code_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
}

ErrorCode refusal_code(int status, std::string_view code) {
  const auto cause = retry_cause(status, code);
  if (cause == RetryCause::kThrottled) return ErrorCode::kThrottled;
  if (cause == RetryCause::kTransient || code == "IDPCommunicationError" || status >= 500) {
    return ErrorCode::kUnavailable;
  }
  const bool bad_identity = std::find(kBadIdentityCodes.begin(), kBadIdentityCodes.end(), code) !=
                            kBadIdentityCodes.end();
  if (bad_identity || status == 401) return ErrorCode::kUnauthorized;
  if (status == 403) return ErrorCode::kForbidden;
  // A redirect or a page: whatever speaks there is not STS.
  return status >= 400 && !code.empty() ? ErrorCode::kInvalid : ErrorCode::kUnavailable;
}

}  // namespace

Result<Credentials> parse_sts_credentials(std::string_view body, const std::string& action) {
  const auto document = encoding::parse_xml(body, kXmlLimits);
  if (!document) return not_an_answer(document.error().message);
  if (document->name != action + "Response") return not_an_answer("no " + action + "Response");
  const encoding::Xml* const result = document->child(action + "Result");
  const encoding::Xml* const found = result ? result->child("Credentials") : nullptr;
  if (found == nullptr) return not_an_answer("no Credentials");

  Credentials credentials;
  credentials.access_key_id = found->child_text("AccessKeyId");
  credentials.secret_access_key = found->child_text("SecretAccessKey");
  credentials.session_token = found->child_text("SessionToken");
  const auto expiration = encoding::parse_rfc3339(found->child_text("Expiration"));
  if (!expiration) return not_an_answer("Expiration is no time");
  credentials.expires_at = encoding::wall_time(*expiration);
  if (!is_usable(credentials) || credentials.session_token.empty()) {
    return not_an_answer("key, secret or token is missing or not printable");
  }
  return credentials;
}

std::string sts_error_code(std::string_view body) {
  const auto document = encoding::parse_xml(body, kXmlLimits);
  if (!document || document->name != "ErrorResponse") return "";
  const encoding::Xml* const error = document->child("Error");
  const std::string code(error ? error->child_text("Code") : std::string_view());
  const bool word =
      code.size() <= kCodeBytesMax && std::all_of(code.begin(), code.end(), is_code_byte);
  return word ? code : "";
}

Error sts_refusal(int status, const std::string& code) {
  return {refusal_code(status, code),
          "status " + std::to_string(status) + (code.empty() ? "" : " " + code)};
}

}  // namespace lookout::aws
