#include "src/aws/sts.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "lookout/aws/sigv4.hpp"
#include "lookout/base/text.hpp"
#include "lookout/system/files.hpp"

#include "src/aws/exchange.hpp"
#include "src/aws/partition.hpp"
#include "src/aws/sts_answer.hpp"

namespace lookout::aws {
namespace {

constexpr std::chrono::milliseconds kStsTimeout{10'000};
constexpr std::size_t kTokenBytesMax = 20'000;  // WebIdentityToken of the API reference
constexpr std::size_t kCaBytesMax = std::size_t{1} << 20;

// Of botocore and the other SDKs: regions from before there were regional endpoints.
constexpr std::array<std::string_view, 16> kLegacyRegions = {
    "ap-northeast-1", "ap-south-1",   "ap-southeast-1", "ap-southeast-2",
    "aws-global",     "ca-central-1", "eu-central-1",   "eu-north-1",
    "eu-west-1",      "eu-west-2",    "eu-west-3",      "sa-east-1",
    "us-east-1",      "us-east-2",    "us-west-1",      "us-west-2"};

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::string form_text(const Parameters& parameters) {
  std::string text;
  for (const auto& [name, value] : parameters) {
    text.append(text.empty() ? "" : "&").append(name).append("=");
    text.append(http::percent_encode(value));
  }
  return text;
}

Parameters role_parameters(const std::string& action, const RoleRequest& role) {
  Parameters parameters = {
      {"Action", action},
      {"Version", "2011-06-15"},
      {"RoleArn", role.role_arn},
      {"RoleSessionName", role.session_name.empty() ? "helm-lookout" : role.session_name}};
  if (!role.external_id.empty()) parameters.emplace_back("ExternalId", role.external_id);
  if (role.duration) {
    parameters.emplace_back("DurationSeconds", std::to_string(role.duration->count()));
  }
  return parameters;
}

bool wants_global_endpoint(const Environment& environment, std::string_view region) {
  return equals_ignoring_case(variable(environment, "AWS_STS_REGIONAL_ENDPOINTS"), "legacy") &&
         std::find(kLegacyRegions.begin(), kLegacyRegions.end(), region) != kLegacyRegions.end();
}

Result<http::TransportOptions> peer_options(const Environment& environment, const http::Url& url) {
  http::TransportOptions peer;
  peer.origin = url;
  auto proxy = http::proxy_for(url, http::proxy_environment(environment));
  if (!proxy) return proxy.error();
  peer.proxy = std::move(proxy).value();
  const std::string bundle = variable(environment, "AWS_CA_BUNDLE");
  if (bundle.empty()) return peer;
  auto pem = system::read_file(bundle, kCaBytesMax);
  if (!pem) return Error{ErrorCode::kInvalid, "AWS_CA_BUNDLE: " + pem.error().message};
  peer.tls.ca_pem = std::move(pem).value();
  return peer;
}

// The token's issuer may be slow to be reached, and a token may reach STS before its keys do.
std::optional<RetryCause> judge_answer(const Answer& answer, int attempts) {
  if (answer.status == 200) return std::nullopt;
  const std::string code = sts_error_code(answer.body);
  if (code == "IDPCommunicationError" || code == "InvalidIdentityToken") {
    return attempts == 1 ? std::optional(RetryCause::kTransient) : std::nullopt;
  }
  return retry_cause(answer.status, code);
}

// Signed when `base` is given.
Result<Credentials> call_sts(const SourceContext& context, const Parameters& parameters,
                             const Credentials* base) {
  const std::string& action = parameters.front().second;
  const std::string where = "sts " + action;
  const auto endpoint = resolve_sts(context.environment, context.region);
  if (!endpoint) return endpoint.error();
  auto peer = peer_options(context.environment, endpoint->url);
  if (!peer) return named(where, peer.error());

  Exchange call;
  call.peer = std::move(peer).value();
  call.judge = judge_answer;
  call.request.method = http::Method::kPost;
  call.request.target = endpoint->url.path;
  call.request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  call.request.body = form_text(parameters);
  call.request.header_timeout = kStsTimeout;
  call.request.idle_timeout = kStsTimeout;
  if (base != nullptr) {
    sign_request(call.request, host_header(endpoint->url), *base,
                 {endpoint->signing_region, "sts", context.clock.wall_now()},
                 PathRule::kNormalised);
  }
  const Result<Answer> answer = exchange(context, call);
  if (!answer) return named(where, answer.error());
  if (answer->status != 200) {
    return named(where, sts_refusal(answer->status, sts_error_code(answer->body)));
  }
  auto credentials = parse_sts_credentials(answer->body, action);
  if (!credentials) return named(where, credentials.error());
  return credentials;
}

Result<std::string> read_token(const std::string& path) {
  const auto content = system::read_file(path, kTokenBytesMax);
  if (!content) {
    return Error{ErrorCode::kInvalid, "web identity token: " + content.error().message};
  }
  std::string token(trim(*content));
  if (!is_header_text(token)) {
    return Error{ErrorCode::kInvalid, "web identity token: " + quote_bounded(path) + " holds none"};
  }
  return token;
}

}  // namespace

Result<StsEndpoint> resolve_sts(const Environment& environment, const std::string& region) {
  if (!is_region_name(region)) {
    return Error{ErrorCode::kInvalid, "sts: region " + quote_bounded(region) + " is none"};
  }
  const std::string custom = endpoint_from_environment(environment, "STS");
  const bool global = custom.empty() && wants_global_endpoint(environment, region);
  const std::string text = !custom.empty() ? custom
                           : global
                               ? "https://sts.amazonaws.com"
                               : "https://sts." + region + "." + std::string(dns_suffix(region));
  auto url = http::parse_url(text);
  if (!url) return Error{ErrorCode::kInvalid, "sts endpoint: " + url.error().message};
  if (url->scheme != "http" && url->scheme != "https") {
    return Error{ErrorCode::kInvalid, "sts endpoint: the scheme is neither http nor https"};
  }
  return StsEndpoint{std::move(url).value(), global ? "us-east-1" : region};
}

Result<Credentials> assume_role(const SourceContext& context, const RoleRequest& role,
                                const Credentials& base) {
  return call_sts(context, role_parameters("AssumeRole", role), &base);
}

Result<Credentials> assume_role_with_web_identity(const SourceContext& context,
                                                  const RoleRequest& role,
                                                  const std::string& token_path) {
  auto token = read_token(token_path);
  if (!token) return token.error();
  Parameters parameters = role_parameters("AssumeRoleWithWebIdentity", role);
  parameters.emplace_back("WebIdentityToken", std::move(token).value());
  return call_sts(context, parameters, nullptr);
}

}  // namespace lookout::aws
