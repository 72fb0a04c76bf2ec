// The server's side of TLS over a non-blocking socket.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "test/fakes/certificate_authority.hpp"

namespace lookout::fakes {

// Shared by all sessions of a server. Thread-safe after construction.
class TlsContext {
 public:
  explicit TlsContext(const TlsIdentity& identity);
  ~TlsContext();

 private:
  friend class TlsSession;
  struct State;
  std::unique_ptr<State> state_;
};

// Used by one thread.
class TlsSession {
 public:
  TlsSession(const TlsContext& context, int descriptor);
  ~TlsSession();

  struct Step {
    enum class Kind { kMoved, kWantRead, kWantWrite, kClosed };
    Kind kind = Kind::kClosed;
    std::size_t bytes = 0;  // kMoved
  };
  Step read(std::span<char> out);  // does the handshake too
  Step write(std::string_view bytes);
  bool has_pending() const;  // decrypted bytes that poll() does not know of

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lookout::fakes
