#include "src/web/verdict.hpp"

#include <string>

#include "lookout/base/check.hpp"

#include "src/web/security_headers.hpp"

namespace lookout::web {
namespace {

struct Refusal {
  int status;
  std::string_view text;
  // With what the requester may do about it.
  std::string_view header;
  std::string_view value;
};

Refusal refusal_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllowed: break;
    case Verdict::kUnauthenticated: return {401, "unauthorized\n", "WWW-Authenticate", "Bearer"};
    case Verdict::kDenied: return {403, "forbidden\n", "", ""};
    case Verdict::kFailed: return {503, "authentication is unavailable\n", "Retry-After", "5"};
    case Verdict::kThrottled: return {429, "too many requests\n", "Retry-After", "1"};
  }
  LOOKOUT_CHECK(verdict != Verdict::kAllowed);
  return {};
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllowed: return "allowed";
    case Verdict::kUnauthenticated: return "unauthenticated";
    case Verdict::kDenied: return "denied";
    case Verdict::kFailed: return "error";
    case Verdict::kThrottled: break;
  }
  return "throttled";
}

http::ServerResponse refusal(Verdict verdict) {
  const Refusal told = refusal_of(verdict);
  http::ServerResponse response;
  response.status = told.status;
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  if (!told.header.empty()) response.headers.add(std::string(told.header), std::string(told.value));
  response.body = http::BodyChain(std::string(told.text));
  return secured(std::move(response));
}

}  // namespace lookout::web
