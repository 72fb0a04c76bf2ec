// A small HTTP/1.1 server (Boost.Beast) for GET and HEAD: metrics, health, pages.
// Bodies are chains of shared immutable pieces, written without copying them.
//
// One Server is one thread that runs all its listeners and connections; handlers
// run on it, so they must be quick and must not block on the network.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
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

struct ServerRequest {
  Method method = Method::kGet;
  std::string path;   // percent-decoded, no query, no "..", begins with '/'
  std::string query;  // as sent
  Headers headers;
};

struct ServerResponse {
  int status = 200;
  Headers headers;  // Content-Length, Date, Connection and HEAD are the server's job
  BodyChain body;
};

using Handler = std::function<ServerResponse(const ServerRequest&)>;

struct ServerLimits {
  std::size_t header_bytes_max = std::size_t{16} * 1024;
  std::size_t header_fields_max = 100;
  std::size_t connections_max = 256;
  std::chrono::milliseconds read_header_timeout{5'000};
  std::chrono::milliseconds write_timeout{60'000};
  std::chrono::milliseconds idle_timeout{300'000};
  std::chrono::milliseconds drain_timeout{500};  // for responses in flight at stop
};

struct ServerStats {
  Counter requests;
  Counter refused_connections;  // over connections_max
  Counter bad_requests;         // answered 4xx by the server itself
  Counter timeouts;             // while reading a header or writing a response
};

class Server {
 public:
  // `addresses`: "HOST:PORT", "[V6]:PORT", ":PORT" (all IPv6 and IPv4, else IPv4);
  // port 0 picks a free one. kInvalid for an address that is none; kUnavailable
  // "listen ADDRESS: ..." when a port is in use.
  static Result<std::unique_ptr<Server>> create(std::string_view thread_name,
                                                const std::vector<std::string>& addresses,
                                                Handler handler, ServerLimits limits = {});
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
