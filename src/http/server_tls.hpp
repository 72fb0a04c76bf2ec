// The server's certificate files, followed: what new connections are secured with.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "src/http/server_tls_context.hpp"

namespace lookout::http {

inline constexpr std::size_t kPemFileBytesMax = std::size_t{1} << 20;

// Used by one thread at a time. Writes the gauges tls_* of `stats`, which outlives it.
class ServerIdentity {
 public:
  // The codes of system::read_file(), or kInvalid; "tls: ..." names the file.
  static Result<std::unique_ptr<ServerIdentity>> create(const ServerTls& paths, ServerStats& stats);

  // Reads the files, takes them over when they changed and are sound. What is wrong with
  // them is logged once.
  void follow();

  // Valid until the next follow(); streams made of it do not need it any longer.
  net::ssl::context& handshakes() const { return *context_.handshakes; }
  // nullopt: the client showed no certificate, or its time or its CA's is over.
  std::optional<ClientCertificate> client(SSL* session) const;

 private:
  ServerIdentity(const ServerTls& paths, ServerStats& stats);
  Result<void> load();
  void keep_old(const Error& error);

  const ServerTls paths_;
  ServerStats& stats_;
  ServerTlsContext context_;
  std::optional<PemFiles> tried_;  // nullopt: they could not be read
  std::string logged_;             // the last failure, until a success
};

}  // namespace lookout::http
