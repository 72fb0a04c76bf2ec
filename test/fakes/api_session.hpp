// One connection to the fake API server, from its first request to its last.
#pragma once

#include "test/fakes/api_answer.hpp"

namespace lookout::fakes {

// Blocks until the peer leaves, the connection is stopped or a fault ends it.
void serve_connection(ServerContext& context, Connection& connection);

}  // namespace lookout::fakes
