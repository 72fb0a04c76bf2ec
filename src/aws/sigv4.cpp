#include "lookout/aws/sigv4.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <utility>
#include <vector>

#include "lookout/base/text.hpp"
#include "lookout/encoding/digest.hpp"

#include "src/aws/path_text.hpp"

namespace lookout::aws {
namespace {

using encoding::digest_bytes;
using encoding::digest_hex;
using encoding::hmac_sha256;
using encoding::sha256;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kDateHeader = "X-Amz-Date";
constexpr std::string_view kTokenHeader = "X-Amz-Security-Token";
constexpr std::string_view kDigestHeader = "X-Amz-Content-Sha256";
constexpr std::string_view kAuthorizationHeader = "Authorization";

// "20150830T123600Z"
std::string amz_date(WallTime time) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &parts);
  return {text.data(), size};
}

// "20150830/us-east-1/s3/aws4_request"
std::string scope_text(const SigningScope& scope) {
  return amz_date(scope.time).substr(0, 8) + "/" + scope.region + "/" + scope.service +
         "/aws4_request";
}

std::string canonical_path(std::string_view path, PathRule rule) {
  if (path.empty()) return "/";
  if (rule == PathRule::kAsSent) return std::string(path);
  return encode_path(normalise_path(path));
}

// What was not encoded, or differently, comes out as the service will encode it.
std::string encoded_once(std::string_view text) {
  const Result<std::string> decoded = http::percent_decode(text);
  return http::percent_encode(decoded ? *decoded : text);
}

std::string canonical_query(std::string_view query) {
  if (query.empty()) return "";
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view part : split(query, '&')) {
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view value = part.substr(std::min(equals + 1, part.size()));
    parameters.emplace_back(encoded_once(part.substr(0, equals)), encoded_once(value));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

// Without white space at the ends, runs of it inside as one space.
std::string trimmed_value(std::string_view value) {
  std::string out;
  for (const char c : trim(value)) {
    const bool blank = c == ' ' || c == '\t';
    if (!blank || out.back() != ' ') out += blank ? ' ' : c;
  }
  return out;
}

// By lower-case name; several of one name are joined by commas in their order.
using SignedHeaders = std::map<std::string, std::string>;

SignedHeaders headers_to_sign(const http::Request& request, std::string_view host) {
  SignedHeaders headers;
  for (const auto& [name, value] : request.headers.fields()) {
    if (equals_ignoring_case(name, kAuthorizationHeader)) continue;
    const auto [field, is_first] = headers.try_emplace(to_lower(trim(name)));
    if (!is_first) field->second += ',';
    field->second += trimmed_value(value);
  }
  headers.try_emplace("host", trimmed_value(host));
  return headers;
}

std::string names_of(const SignedHeaders& headers) {
  std::string names;
  for (const auto& field : headers) names.append(names.empty() ? "" : ";").append(field.first);
  return names;
}

std::string signature(std::string_view secret, const SigningScope& scope, std::string_view text) {
  const std::string date = amz_date(scope.time).substr(0, 8);
  encoding::Digest key = hmac_sha256("AWS4" + std::string(secret), date);
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service),
        std::string_view("aws4_request")}) {
    key = hmac_sha256(digest_bytes(key), part);
  }
  return digest_hex(hmac_sha256(digest_bytes(key), text));
}

bool belongs_to_signature(std::string_view name) {
  return equals_ignoring_case(name, kDateHeader) || equals_ignoring_case(name, kTokenHeader) ||
         equals_ignoring_case(name, kDigestHeader) ||
         equals_ignoring_case(name, kAuthorizationHeader);
}

http::Headers unsigned_headers(const http::Headers& headers) {
  http::Headers kept;
  for (const auto& [name, value] : headers.fields()) {
    if (!belongs_to_signature(name)) kept.add(name, value);
  }
  return kept;
}

}  // namespace

std::string host_header(const http::Url& origin) {
  const bool own = origin.port == (origin.scheme == "https" ? 443 : 80);
  std::string host = origin.host_and_port();
  if (own) host.resize(host.rfind(':'));
  return host;
}

std::string canonical_request(const http::Request& request, std::string_view host, PathRule rule) {
  const std::string_view target = request.target;
  const std::size_t question = std::min(target.find('?'), target.size());
  const SignedHeaders headers = headers_to_sign(request, host);
  std::string text(http::method_name(request.method));
  text += "\n" + canonical_path(target.substr(0, question), rule);
  text += "\n" + canonical_query(target.substr(std::min(question + 1, target.size())));
  text += "\n";
  for (const auto& [name, value] : headers) {
    text.append(name).append(":").append(value).append("\n");
  }
  text += "\n" + names_of(headers) + "\n";
  const auto digest = headers.find(to_lower(kDigestHeader));
  text += digest == headers.end() ? digest_hex(sha256(request.body)) : digest->second;
  return text;
}

std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope) {
  return std::string(kAlgorithm) + "\n" + amz_date(scope.time) + "\n" + scope_text(scope) + "\n" +
         digest_hex(sha256(canonical_request));
}

void sign_request(http::Request& request, std::string_view host, const Credentials& credentials,
                  const SigningScope& scope, PathRule rule) {
  request.headers = unsigned_headers(request.headers);
  request.headers.add(std::string(kDateHeader), amz_date(scope.time));
  if (rule == PathRule::kAsSent) {
    request.headers.add(std::string(kDigestHeader), digest_hex(sha256(request.body)));
  }
  if (!credentials.session_token.empty()) {
    request.headers.add(std::string(kTokenHeader), credentials.session_token);
  }
  const std::string text = string_to_sign(canonical_request(request, host, rule), scope);
  request.headers.add(std::string(kAuthorizationHeader),
                      std::string(kAlgorithm) + " Credential=" + credentials.access_key_id + "/" +
                          scope_text(scope) +
                          ", SignedHeaders=" + names_of(headers_to_sign(request, host)) +
                          ", Signature=" + signature(credentials.secret_access_key, scope, text));
}

}  // namespace lookout::aws
