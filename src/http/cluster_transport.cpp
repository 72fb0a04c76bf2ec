#include "lookout/http/cluster_transport.hpp"

#include <utility>

#include "lookout/http/beast_transport.hpp"
#include "lookout/http/cpprest_transport.hpp"

namespace lookout::http {

Result<std::unique_ptr<Transport>> create_cluster_transport(TransportOptions options) {
  return cpprest_supports(options) ? create_cpprest_transport(std::move(options))
                                   : create_beast_transport(std::move(options));
}

}  // namespace lookout::http
