// The token of "Authorization: Bearer TOKEN" (RFC 6750 section 2.1). Pure.
#pragma once

#include <optional>
#include <string_view>

#include "lookout/http/message.hpp"

namespace lookout::web {

// Visible ASCII, at least one character.
bool is_bearer_token(std::string_view text);

// Of the first Authorization field: the scheme in any case, spaces around the token allowed, white
// space in it not. nullopt: there is none.
std::optional<std::string_view> bearer_token(const http::Headers& headers);

}  // namespace lookout::web
