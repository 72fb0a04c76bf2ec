// Which backend talks to a cluster.
#pragma once

#include <memory>

#include "lookout/http/transport.hpp"

namespace lookout::http {

// cpprestsdk; Boost.Beast for Request::bulk, as cpprestsdk holds a chunk until it is whole and
// takes long over each, and for all of a cluster that cpprestsdk cannot reach
// (cpprest_supports()). Call start_cpprest_io() before. kInvalid: see create_cpprest_transport()
// and create_beast_transport().
Result<std::unique_ptr<Transport>> create_cluster_transport(TransportOptions options);

}  // namespace lookout::http
