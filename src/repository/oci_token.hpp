// The token protocol of registries (distribution.github.io, "Token Authentication Specification"
// and "Oauth2 Token Authentication"). Pure.
//   GET realm?service=S&scope=repository:team/app:pull   with Basic, or without anything
//   POST realm grant_type=refresh_token&...              with an identity token
//   {"token": "...", "access_token": "...", "expires_in": 300}
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/http/message.hpp"
#include "lookout/http/url.hpp"

#include "src/repository/docker_config.hpp"

namespace lookout::repository {

inline constexpr std::size_t kTokenAnswerBytesMax = 1U << 20;
inline constexpr std::size_t kTokenBytesMax = 64U << 10;
// What a token is good for when its server does not say, and at most.
inline constexpr std::chrono::seconds kTokenLifetimeDefault{60};
inline constexpr std::chrono::seconds kTokenLifetimeMax{24 * 3600};

struct TokenQuestion {
  http::Url realm;
  std::string service;
  std::string scope;  // several, separated by spaces
};
http::Request token_request(const TokenQuestion& question, const RegistryLogin& login);

struct RegistryToken {
  std::string value;  // printable, without spaces: safe inside a header
  std::chrono::seconds lifetime = kTokenLifetimeDefault;

  bool operator==(const RegistryToken&) const = default;
};
// kMalformed; nothing of the text is quoted.
Result<RegistryToken> parse_token(std::string_view json);

std::string basic_authorization(const RegistryLogin& login);

}  // namespace lookout::repository
