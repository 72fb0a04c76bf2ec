// The bytes of one connection: TCP, TLS over it, TLS over that for an origin behind an https
// proxy. Asio's asynchronous operations, run to their end on the caller's thread one at a time:
// only those can be ended by a deadline or a stop request.
#pragma once

#include <memory>
#include <stop_token>
#include <string_view>

#include "lookout/base/clock.hpp"
#include "lookout/base/result.hpp"

#include "src/http/lookup.hpp"

namespace lookout::http {

class TlsPeer;

// What ends an operation that does not end itself.
struct Patience {
  MonoTime deadline;
  std::stop_token stop;
};

// One thread at a time. Errors: kCancelled; kUnavailable without a phase, but "tls: ..." when TLS
// itself failed. After an error, or the peer's end, a wire is good for nothing more.
class Wire {
 public:
  static Result<std::unique_ptr<Wire>> create();
  ~Wire();

  // May be called again after it failed.
  Result<void> connect(const SocketAddress& address, const Patience& patience);
  // Called again: TLS within TLS. `peer` outlives the wire.
  Result<void> start_tls(TlsPeer& peer, const Patience& patience);

  // Waits for one byte at least; 0 when the peer has ended properly.
  Result<std::size_t> read_some(char* out, std::size_t size, const Patience& patience);
  Result<void> write(std::string_view bytes, const Patience& patience);

  // Open, and nothing has come that nobody asked for: another request may be sent.
  bool is_quiet() const;

 private:
  struct State;  // keeps Asio out of this header
  explicit Wire(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lookout::http
