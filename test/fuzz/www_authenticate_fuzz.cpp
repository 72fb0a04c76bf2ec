// Any bytes as WWW-Authenticate and Link: challenges stay within their limits, and what is asked
// of a token service because of them splits no request. The next page stays on its host.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lookout/base/text.hpp"

#include "src/repository/oci_challenge.hpp"
#include "src/repository/oci_link.hpp"
#include "src/repository/oci_token.hpp"

using namespace lookout;
using namespace lookout::repository;

namespace {

bool has_break(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c == '\x7f'; });
}

void check_question(const Challenge& challenge) {
  const auto realm = http::parse_url(challenge.parameter("realm"));
  if (!realm.ok()) return;
  RegistryLogin login;
  const TokenQuestion question{*realm, std::string(challenge.parameter("service")),
                               std::string(challenge.parameter("scope"))};
  if (has_break(token_request(question, login).target)) std::abort();
  login.identity_token = "token";
  if (has_break(token_request(question, login).body)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string field(reinterpret_cast<const char*>(bytes), size);
  const auto challenges = challenges_of({{"WWW-Authenticate", field}});
  if (challenges.size() > kChallengesMax) std::abort();
  for (const Challenge& challenge : challenges) {
    if (challenge.scheme.empty() || challenge.scheme != to_lower(challenge.scheme)) std::abort();
    if (challenge.parameters.size() > kChallengeParametersMax) std::abort();
  }
  if (const auto chosen = choose_challenge(challenges)) check_question(*chosen);

  const http::Url page = http::parse_url("https://reg.example/v2/a/tags/list").value();
  const auto next = next_page(page, {{"Link", field}});
  if (next.ok() && *next && ((*next)->host != page.host || has_break((*next)->path))) std::abort();
  return 0;
}
