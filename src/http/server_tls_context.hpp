// PEM texts → what the server's handshakes need. OpenSSL behind Asio's context.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "lookout/http/server.hpp"

#include "src/http/server_beast.hpp"
#include "src/http/tls_pem.hpp"

namespace lookout::http {

struct PemFile {
  std::string path;  // for messages
  std::string text;

  bool operator==(const PemFile&) const = default;
};

struct PemFiles {
  PemFile certificate;  // leaf first, then its chain
  PemFile private_key;
  PemFile client_ca;  // no path: clients are not asked

  bool operator==(const PemFiles&) const = default;
};

struct ServerTlsContext {
  std::unique_ptr<net::ssl::context> handshakes;
  std::int64_t not_after = 0;  // seconds since the epoch
};

// TLS 1.2 with forward secrecy and authenticated encryption, TLS 1.3; no compression, no
// renegotiation, "http/1.1" by ALPN. Sessions are resumed by tickets, unless clients are
// asked for certificates: those are verified in each handshake. kInvalid "PATH: ...".
Result<ServerTlsContext> create_server_context(const PemFiles& files);

// Whether the session's client showed a certificate that `context` vouches for now.
std::optional<ClientCertificate> verified_client(SSL* session, SSL_CTX* context);

}  // namespace lookout::http
