// TLS settings as an Asio context: one a peer, shared by all its connections.
#pragma once

// clang-format off
// <boost/asio/awaitable.hpp> of 1.74 uses std::exchange without including this.
#include <utility>
#include <boost/asio/ssl/context.hpp>
// clang-format on

#include <memory>
#include <string>

#include "lookout/http/transport.hpp"

#include "src/http/tls_material.hpp"

namespace lookout::http {

// Thread-safe after creation.
class TlsPeer {
 public:
  // kInvalid: see TlsMaterial::create().
  static Result<std::shared_ptr<TlsPeer>> create(const TlsOptions& options,
                                                 const std::string& host);

  boost::asio::ssl::context& context() { return context_; }
  const TlsMaterial& material() const { return *material_; }

 private:
  TlsPeer(std::shared_ptr<TlsMaterial> material, const TlsOptions& options);

  const std::shared_ptr<TlsMaterial> material_;  // outlives the context that refers to it
  boost::asio::ssl::context context_;
};

}  // namespace lookout::http
