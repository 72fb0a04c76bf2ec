// Bearer tokens that an administrator wrote down. Only their SHA-256 digests are kept.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/encoding/digest.hpp"

namespace lookout::web {

inline constexpr std::size_t kStaticTokensMax = 1'000;
inline constexpr std::size_t kStaticTokenBytesMin = 16;  // shorter ones can be guessed
inline constexpr std::size_t kStaticTokenBytesMax = 4'096;

// Immutable after construction.
class StaticTokens {
 public:
  // One a line; white space around it, empty lines and lines that begin with '#' do not count.
  // kMalformed and kTooLarge name the line and quote nothing: a token with characters that no
  // header can carry, too short, too long or too many.
  static Result<StaticTokens> parse(std::string_view text);

  // Takes the same time whatever the tokens are.
  bool contains(std::string_view token) const;
  std::size_t size() const { return digests_.size(); }

 private:
  std::vector<encoding::Digest> digests_;
};

}  // namespace lookout::web
