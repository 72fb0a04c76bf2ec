// TransportOptions as a configured cpprestsdk client.
#pragma once

#include <cpprest/http_client.h>

#include <memory>

#include "lookout/http/transport.hpp"

#include "src/http/cpprest_socket.hpp"
#include "src/http/tls_material.hpp"

namespace lookout::http {

// What cpprestsdk's callbacks need of a peer; outlives the transport while a
// request that was walked away from comes to its end.
struct Peer {
  PeerFamily family;                 // of the host that is connected to, maybe a proxy
  std::shared_ptr<TlsMaterial> tls;  // null for http
};

// kInvalid: see create_cpprest_transport().
Result<std::shared_ptr<Peer>> create_peer(const TransportOptions& options);
Result<std::unique_ptr<web::http::client::http_client>> create_client(
    const TransportOptions& options, const std::shared_ptr<Peer>& peer);

}  // namespace lookout::http
