#include "lookout/web/static_tokens.hpp"

#include <string>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/web/bearer_token.hpp"

namespace lookout::web {
namespace {

Error in_line(std::size_t number, ErrorCode code, std::string_view what) {
  return {code, "line " + std::to_string(number) + ": " + std::string(what)};
}

Result<void> check(std::string_view token, std::size_t line) {
  if (token.size() < kStaticTokenBytesMin) {
    return in_line(line, ErrorCode::kMalformed,
                   "a token of less than " + std::to_string(kStaticTokenBytesMin) + " characters");
  }
  if (token.size() > kStaticTokenBytesMax) {
    return in_line(line, ErrorCode::kTooLarge,
                   "a token of more than " + std::to_string(kStaticTokenBytesMax) + " characters");
  }
  if (!is_bearer_token(token)) {
    return in_line(line, ErrorCode::kMalformed, "a token with white space or control characters");
  }
  return {};
}

bool are_equal(const encoding::Digest& a, const encoding::Digest& b) {
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace

Result<StaticTokens> StaticTokens::parse(std::string_view text) {
  StaticTokens out;
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const std::string_view token = trim(line);
    if (token.empty() || token.front() == '#') continue;
    if (const auto checked = check(token, number); !checked) return checked.error();
    if (out.digests_.size() == kStaticTokensMax) {
      return in_line(number, ErrorCode::kTooLarge,
                     "more than " + std::to_string(kStaticTokensMax) + " tokens");
    }
    out.digests_.push_back(encoding::sha256(token));
  }
  return out;
}

bool StaticTokens::contains(std::string_view token) const {
  const encoding::Digest asked = encoding::sha256(token);
  unsigned found = 0;
  for (const encoding::Digest& known : digests_) {
    found |= static_cast<unsigned>(are_equal(asked, known));
  }
  return found != 0;
}

}  // namespace lookout::web
