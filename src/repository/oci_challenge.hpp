// How a registry asks for credentials: the header WWW-Authenticate (RFC 9110 section 11.6.1),
// with the parameters of the distribution project's token protocol
// (distribution.github.io, "Token Authentication Specification"):
//   Bearer realm="https://auth.example.org/token",service="registry",scope="repository:a/b:pull"
//   Basic realm="registry"
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/http/message.hpp"

namespace lookout::repository {

struct Challenge {
  std::string scheme;                                           // lower case
  std::vector<std::pair<std::string, std::string>> parameters;  // names in lower case

  // The first of that name; "" when absent.
  std::string_view parameter(std::string_view name) const;
  bool operator==(const Challenge&) const = default;
};

inline constexpr std::size_t kChallengeBytesMax = 8 * 1024;
inline constexpr std::size_t kChallengesMax = 8;
inline constexpr std::size_t kChallengeParametersMax = 16;

// One field may hold several. What follows the first damage of a field is left out, and so is
// what exceeds the limits; a token68 ("Negotiate YII...") is skipped.
std::vector<Challenge> parse_challenges(std::string_view field);
// Of all WWW-Authenticate fields.
std::vector<Challenge> challenges_of(const http::Headers& headers);

// Bearer with a realm if there is one, else Basic; nullopt: nothing that we can answer.
std::optional<Challenge> choose_challenge(const std::vector<Challenge>& challenges);

}  // namespace lookout::repository
