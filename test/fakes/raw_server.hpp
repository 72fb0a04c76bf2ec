// A server that does exactly what a test's script says, byte by byte, over TCP or TLS:
// for what a well-behaved server never does. One thread a connection runs the script.
// Every read and write gives up after kGuard, so that a test fails rather than hangs.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lookout/base/mutex.hpp"

#include "test/fakes/certificate_authority.hpp"

namespace lookout::fakes {

struct ServerTls {
  TlsIdentity identity;
  std::string client_ca_pem = {};  // non-empty: a client certificate of this CA is required
  bool outdated = false;           // speaks TLS 1.1 at most
};

// Used by the thread that runs the script.
class RawConnection {
 public:
  static constexpr std::chrono::seconds kGuard{20};

  explicit RawConnection(int descriptor);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  bool start_tls(const ServerTls& tls);  // false when the handshake failed
  std::string server_name() const;       // SNI, "" without
  std::string client_name() const;       // its certificate's common name, "" without

  // Through the empty line, "" when the peer has gone.
  std::string read_head();
  std::string read_exactly(std::size_t count);
  std::string read_some();             // one byte at least, "" when the peer has gone
  bool write(std::string_view bytes);  // false when the peer has gone
  bool write_chunk(std::string_view bytes);
  void wait_until_closed();
  void reset();  // RST instead of FIN
  void end();    // close_notify with TLS, then FIN; so does the end of the script
  void wake();   // from any thread: ends blocking calls
  int descriptor() const { return descriptor_; }

 private:
  struct Tls;
  std::size_t receive(char* out, std::size_t size);
  bool fill();
  void close_descriptor();

  Mutex mutex_;  // wake() against close_descriptor(); only the script's thread writes
  int descriptor_;
  std::unique_ptr<Tls> tls_;
  std::string received_;
};

class RawServer {
 public:
  using Script = std::function<void(RawConnection&)>;
  enum class Family { kIpv4, kIpv6 };

  // With `tls` the script starts after the handshake and is not called if that fails.
  explicit RawServer(Script script, std::optional<ServerTls> tls = std::nullopt,
                     Family family = Family::kIpv4);
  ~RawServer();

  std::uint16_t port() const { return port_; }
  std::string url(const std::string& host = "127.0.0.1") const;
  std::size_t connections() const { return connections_; }

 private:
  void accept_loop();
  void serve(RawConnection& connection);

  const Script script_;
  const std::optional<ServerTls> tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_{0};
  std::atomic<bool> stopping_{false};
  Mutex mutex_;
  std::vector<std::unique_ptr<RawConnection>> open_ GUARDED_BY(mutex_);
  std::vector<std::jthread> threads_ GUARDED_BY(mutex_);
  std::jthread accepter_;
};

// "HTTP/1.1 200 OK" with Content-Length.
std::string plain_answer(std::string_view body);
inline constexpr std::string_view kChunkedHead =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// A CONNECT proxy's work: answers the request that `client` has begun with, then copies
// bytes between it and 127.0.0.1:`port` until one side ends.
void run_tunnel(RawConnection& client, std::uint16_t port);
void copy_both_ways(RawConnection& client, std::uint16_t port);

}  // namespace lookout::fakes
