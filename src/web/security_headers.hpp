// What every response forbids a browser.
#pragma once

#include "lookout/http/server.hpp"

namespace lookout::web {

// Caching, sniffing, framing, and all scripts and styles but ours; a Content-Security-Policy that
// is already there stays.
http::ServerResponse secured(http::ServerResponse response);

}  // namespace lookout::web
