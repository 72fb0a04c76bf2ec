// The token of "Authorization: Bearer TOKEN" (RFC 6750 section 2.1). Pure.
#pragma once

#include <optional>
#include <string_view>

#include "lookout/http/message.hpp"

namespace lookout::web {

// Visible ASCII, at least one character.
bool is_bearer_token(std::string_view text);

// Of the first such field, as k8s.io/apiserver's bearertoken reads it: the scheme in any case,
// nothing after the token. nullopt: there is none.
std::optional<std::string_view> bearer_token(const http::Headers& headers);

}  // namespace lookout::web
