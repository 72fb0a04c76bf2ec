// Which backend talks to a cluster.
#pragma once

#include <memory>

#include "lookout/http/transport.hpp"

namespace lookout::http {

// cpprestsdk; Boost.Beast for what cpprestsdk cannot do (cpprest_supports()). Call
// start_cpprest_io() before. kInvalid: see create_cpprest_transport() and
// create_beast_transport().
Result<std::unique_ptr<Transport>> create_cluster_transport(TransportOptions options);

}  // namespace lookout::http
