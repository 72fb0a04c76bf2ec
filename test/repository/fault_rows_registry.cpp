#include "src/repository/oci_registry.hpp"
#include "test/repository/fault_table.hpp"

namespace lookout::repository {
namespace {

using namespace std::chrono_literals;
using Type = ScanErrorType;

// The token that was held is revoked, and its service is at fault.
Fault token(const std::string& kind, const FaultScript& script, Type type) {
  return {.kind = "token service: " + kind,
          .ways = {Way::kOciToken},
          .script = script,
          .error = type,
          .part = Part::kToken,
          .rotated = true};
}

Fault realm(const std::string& kind, const std::string& url) {
  return {.kind = "token service " + kind,
          .ways = {Way::kOciToken},
          .script = status(401, "WWW-Authenticate: Bearer realm=\"" + url + "\",service=\"r\"\r\n"),
          .error = Type::kRedirect};
}

Fault pages(const std::string& kind, const std::string& link, Type type, std::size_t requests) {
  return {.kind = "tags: " + kind,
          .ways = {Way::kOci},
          .script = body(R"({"tags": ["1.0.0"]})", "Link: <" + link + ">; rel=\"next\"\r\n"),
          .error = type,
          .requests = requests};
}

// A page without tags, and always one more.
void next_page(Exchange& exchange) {
  const std::string next = "?last=" + std::to_string(exchange.number);
  exchange.answer(200, "Link: <" + next + ">; rel=\"next\"\r\n", R"({"tags": []})");
}

Fault silent_service() {
  Fault fault = token("silence", silence(), Type::kTimeout);
  fault.stalls = true;
  return fault;
}

}  // namespace

const std::vector<Fault>& registry_faults() {
  static const std::vector<Fault> kRows = {
      {.kind = "token revoked",
       .ways = {Way::kOciToken},
       .script =
           [](Exchange& exchange) {
             if (exchange.number == 1)
               return status(401, "WWW-Authenticate: Bearer realm=\"" + exchange.site.url() +
                                      "/token\",service=\"reg\"\r\n")(exchange);
             exchange.site.serve(exchange);
           },
       .error = std::nullopt,
       .requests = 2},
      {.kind = "token that is refused, however fresh",
       .ways = {Way::kOciToken},
       .script =
           [](Exchange& exchange) {
             status(401, "WWW-Authenticate: Bearer realm=\"" + exchange.site.url() +
                             "/token\",service=\"reg\"\r\n")(exchange);
           },
       .error = Type::kUnauthorized,
       .requests = 2},
      token("password rotated, its file not yet", as_ever(), Type::kUnauthorized),
      token("status 401", status(401), Type::kUnauthorized),
      token("status 403", status(403), Type::kForbidden),
      token("status 404", status(404), Type::kNotFound),
      token("status 429", status(429), Type::kThrottled),
      token("status 500", status(500), Type::kHttpStatus),
      token("redirect to a foreign host", redirect_abroad(302), Type::kRedirect),
      token("empty answer", body(""), Type::kMalformed),
      token("login page", body("<!doctype html><p>Log in"), Type::kMalformed),
      token("token with a line break", body(R"({"token": "a\r\nb"})"), Type::kMalformed),
      token("reset", reset_after(""), Type::kConnect),
      silent_service(),
      realm("at a link-local address", "http://169.254.169.254/token"),
      realm("without TLS abroad", "http://auth.example/token"),
      realm("that is a file", "file:///etc/passwd"),
      {.kind = "challenge of no known kind",
       .ways = {Way::kOci},
       .script = status(401, "WWW-Authenticate: Negotiate\r\n"),
       .error = Type::kUnauthorized},
      pages("pages that go round in a circle", "/v2/team/app/tags/list?last=1", Type::kMalformed,
            2),
      pages("page that is its own next", "/v2/team/app/tags/list", Type::kMalformed, 1),
      pages("next page abroad", "https://other.example/v2/team/app/tags/list", Type::kRedirect, 1),
      pages("next page abroad, link-local", "http://169.254.169.254/", Type::kRedirect, 1),
      pages("next page that is no URL", "http://[/", Type::kMalformed, 1),
      {.kind = "tags: pages without end",
       .ways = {Way::kOci},
       .script = next_page,
       .error = Type::kTooLarge,
       .requests = OciRegistry::kPagesMax},
  };
  return kRows;
}

}  // namespace lookout::repository
