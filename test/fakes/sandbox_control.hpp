// The sandbox's control door: what its command line says, but while it runs and for curl.
#pragma once

#include "test/fakes/sandbox.hpp"
#include "test/fakes/server_context.hpp"

namespace lookout::fakes {

// OwnPages below /sandbox; GET /sandbox lists them. Errors are 400 with the reason as text.
// `sandbox` outlives them.
OwnPages control_pages(Sandbox& sandbox);

}  // namespace lookout::fakes
