// The next page of a tag list: the header Link (RFC 8288) of an answer. Pure.
//   Link: </v2/team/app/tags/list?last=1.2.3&n=100>; rel="next"
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/http/message.hpp"
#include "lookout/http/url.hpp"

namespace lookout::repository {

inline constexpr std::size_t kLinkBytesMax = 8 * 1024;

// The reference of the first link without rel or with rel="next", as it stands; "" when there is
// none. Fields beyond kLinkBytesMax count as none.
std::string_view next_link(const http::Headers& headers);

// The page after `page`: on the same host, and by the scheme and port of `page` whatever the link
// says of them (registries behind proxies know only their own). nullopt: `page` was the last.
// kMalformed: a link that is no URL; kForbidden: one to another host.
Result<std::optional<http::Url>> next_page(const http::Url& page, const http::Headers& headers);

}  // namespace lookout::repository
