// One accepted socket, plain or TLS, used by one thread; every wait ends early when
// the connection is told to stop.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string_view>

#include "lookout/base/clock.hpp"

#include "test/fakes/tls_session.hpp"
#include "test/fakes/waker.hpp"

namespace lookout::fakes {

enum class Hangup { kFin, kReset };

class Connection {
 public:
  // Takes the descriptor. `tls` null: plain.
  Connection(int descriptor, const TlsContext* tls);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Blocks for some bytes; 0: closed, or stopped.
  std::size_t read(std::span<char> out);
  // False: the peer is gone, or stopped.
  bool write(std::string_view bytes);

  enum class Event { kPeer, kWoken, kTimeout, kStopped };  // kPeer: bytes, or closed
  Event wait(MonoTime deadline);

  // Any thread: ends whatever the owner waits for and closes that way.
  void stop(Hangup how);
  bool stopped() const { return stopped_.load(); }
  // What the destructor does to the peer; the owner's thread.
  void hang_up_by(Hangup how);
  Waker& waker() { return waker_; }

 private:
  bool poll_until(short events, MonoTime deadline, Event& event);
  TlsSession::Step read_step(std::span<char> out);
  TlsSession::Step write_step(std::string_view bytes);

  const int descriptor_;
  std::unique_ptr<TlsSession> tls_;
  Waker waker_;
  std::atomic<bool> stopped_{false};
  std::atomic<bool> reset_{false};
};

}  // namespace lookout::fakes
