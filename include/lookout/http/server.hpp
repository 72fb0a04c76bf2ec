// A small HTTP/1.1 server (Boost.Beast) for GET and HEAD: metrics, health, pages; plain
// or over TLS. Bodies are chains of shared immutable pieces, written without copying them.
//
// One Server is one thread that runs all its listeners and connections; handlers and
// gates run on it, so they must be quick and must not block on the network.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lookout/base/result.hpp"
#include "lookout/base/stats.hpp"
#include "lookout/http/message.hpp"

namespace lookout::http {

// An immutable body in pieces; copying it copies pointers.
class BodyChain {
 public:
  using Piece = std::shared_ptr<const std::string>;

  BodyChain() = default;
  explicit BodyChain(std::string whole) {
    append(std::make_shared<const std::string>(std::move(whole)));
  }

  // Null and empty pieces are left out.
  void append(Piece piece) {
    if (piece == nullptr || piece->empty()) return;
    size_bytes_ += piece->size();
    pieces_.push_back(std::move(piece));
  }

  const std::vector<Piece>& pieces() const { return pieces_; }
  std::size_t size_bytes() const { return size_bytes_; }

 private:
  std::vector<Piece> pieces_;
  std::size_t size_bytes_ = 0;
};

// Subject of a client's certificate that client_ca_file vouches for, checked for each
// request: once it has expired, or its CA has left the file, requests come without it.
struct ClientCertificate {
  std::string common_name;                 // "" when it has none
  std::vector<std::string> organizations;  // in the certificate's order

  bool operator==(const ClientCertificate&) const = default;
};

struct ServerRequest {
  Method method = Method::kGet;
  std::string path;   // percent-decoded, no query, no "..", begins with '/'
  std::string query;  // as sent
  Headers headers;
  std::optional<ClientCertificate> client_certificate = std::nullopt;
};

struct ServerResponse {
  int status = 200;
  Headers headers;  // Content-Length, Date, Connection and HEAD are the server's job
  BodyChain body;
};

using Handler = std::function<ServerResponse(const ServerRequest&)>;

// nullopt lets the request through to the handler; a response is sent instead of it. From
// any thread, now or later; a second call does nothing, nor does one after gate_timeout or
// after the Server was destroyed. A client that has gone is noticed when it is answered.
using Decide = std::function<void(std::optional<ServerResponse>)>;

// Asked before the handler, for each request that is well-formed (the server's own 4xx
// need no decision). The request lives during the call only. Requests of one connection
// are decided one after the other, each while its connection keeps its slot of
// connections_max. A throw answers 500.
using Gate = std::function<void(const ServerRequest&, Decide)>;

// TLS 1.2 and 1.3, HTTP/1.1 by ALPN. PEM files, read at start and again when their bytes
// change: connections stay, new ones get what is new. A pair that does not belong together
// (yet), or any other broken file, leaves the last good state in force.
struct ServerTls {
  std::string certificate_file;  // leaf first, then its chain
  std::string private_key_file;
  // "": clients are not asked for a certificate. Otherwise one is optional, and one that
  // these CAs do not vouch for (or no longer) fails the handshake.
  std::string client_ca_file;
  std::chrono::milliseconds check_period{5'000};
};

struct ServerLimits {
  std::size_t header_bytes_max = std::size_t{16} * 1024;
  std::size_t header_fields_max = 100;
  // One more ends the connection that is idle longest; else the one that is longest in sending its
  // request, or, after slow_write_after, in reading its response; else it is refused.
  std::size_t connections_max = 256;
  // Of bodies on their way, pieces that they share counted once. More than these and
  // kHeldBodies times the body to be sent end the responses that are under way longest.
  std::size_t held_bytes_max = std::size_t{32} * 1024 * 1024;
  static constexpr std::size_t kHeldBodies = 4;
  std::chrono::milliseconds handshake_timeout{10'000};  // TLS, from the accept on
  std::chrono::milliseconds read_header_timeout{5'000};
  std::chrono::milliseconds gate_timeout{10'000};  // then 503
  std::chrono::milliseconds write_timeout{60'000};
  std::chrono::milliseconds slow_write_after{5'000};
  std::chrono::milliseconds idle_timeout{300'000};
  std::chrono::milliseconds drain_timeout{500};  // for responses in flight at stop
};

struct ServerStats {
  Counter requests;
  Counter refused_connections;  // over connections_max
  Counter bad_requests;         // answered 4xx by the server itself; plain HTTP under TLS too
  // In a handshake, reading a header or writing a response; also those that ended before their time
  // to make room.
  Counter timeouts;
  Counter undecided_requests;      // answered 503, the gate had not decided in time
  Counter tls_handshake_failures;  // those not done in time too
  // Seconds since the epoch: notAfter of the certificate in use. 0 without TLS.
  Gauge tls_certificate_expiry;
  // 1: the files as they are now are in use; 0: an older state is, or there is no TLS.
  Gauge tls_reload_success;
};

struct ServerOptions {
  ServerLimits limits = {};
  std::optional<ServerTls> tls = std::nullopt;  // plain HTTP
  Gate gate = nullptr;                          // every request passes
};

class Server {
 public:
  // `addresses`: "HOST:PORT", "[V6]:PORT", ":PORT" (all IPv6 and IPv4, else IPv4);
  // port 0 picks a free one. kInvalid for an address that is none; kUnavailable
  // "listen ADDRESS: ..." when a port is in use; "tls: ..." that names the unusable file,
  // with the codes of system::read_file() or kInvalid.
  //
  // Under TLS the answers to requests carry Strict-Transport-Security, but not those for
  // "localhost": a port-forward must not bind its other ports to TLS.
  static Result<std::unique_ptr<Server>> create(std::string_view thread_name,
                                                const std::vector<std::string>& addresses,
                                                Handler handler, ServerOptions options = {});
  ~Server();  // stops

  // "127.0.0.1:9104", one a listener, with the real ports.
  std::vector<std::string> addresses() const;
  // Closes listeners and idle connections at once, responses in flight after
  // drain_timeout at most; returns when the thread has ended. Idempotent; never
  // called from a handler.
  void stop();
  const ServerStats& stats() const;

 private:
  struct State;  // keeps Boost out of this header
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lookout::http
