// Which hosts a server may send us to. Pure; names are judged by their spelling, not resolved.
#pragma once

#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/http/url.hpp"

namespace lookout::repository {

// Same scheme, host and port: where credentials may go.
bool same_origin(const http::Url& a, const http::Url& b);

// Link-local and metadata addresses, by any spelling that a resolver takes for one (decimal, hex,
// octal, IPv4 in IPv6), and the names of metadata services.
bool is_metadata_host(std::string_view host);
// Loopback and unspecified addresses, "localhost" and names below it.
bool is_loopback_host(std::string_view host);

// kForbidden: from https to http, to a metadata host, or from elsewhere to loopback, where
// sidecars listen.
Result<void> check_peer(const http::Url& from, const http::Url& to);

// The URL that a Location header means (RFC 3986, section 5) at `from`, checked as above.
// kMalformed when it is none.
Result<http::Url> resolve_location(const http::Url& from, std::string_view location);

}  // namespace lookout::repository
