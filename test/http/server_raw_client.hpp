// A client that writes exactly the bytes a test gives it, over TLS if told so, and reads
// what comes back. Blocking POSIX sockets; every read gives up after kGuard, so that a test
// fails rather than hangs.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/http/message.hpp"

#include "test/fakes/certificate_authority.hpp"

namespace lookout::http {

struct Answer {
  int status = 0;  // 0: the connection ended before a whole answer came
  std::string version;
  Headers headers;
  std::string body;

  std::string header(std::string_view name) const;  // "" when absent
};

enum class Wire { kPlain, kTls };

struct ClientTls {
  std::string ca_pem;
  std::optional<fakes::TlsIdentity> identity = std::nullopt;
  int version_max = 0;         // TLS1_1_VERSION ...; 0: the newest
  std::string protocols = {};  // ALPN, as it is sent
  std::string ciphers = {};    // OpenSSL's syntax
};

class RawClient {
 public:
  static constexpr std::chrono::seconds kGuard{20};
  enum class Buffer { kDefault, kSmall };  // kSmall: the peer's writes block early

  // Connects to "IP:PORT" or "[IP]:PORT", kTls with the trust of server_fixture.hpp.
  // REQUIREs success.
  explicit RawClient(const std::string& address, Wire wire = Wire::kPlain,
                     Buffer buffer = Buffer::kDefault);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // Shakes hands; false when that fails here. TLS 1.3 tells a client that the server
  // refuses its certificate when it reads only.
  bool secure(const ClientTls& tls);
  // "TLSv1.3", "http/1.1" and the server's common name; "" without.
  std::string version() const;
  std::string protocol() const;
  std::string peer_name() const;
  // Why the last TLS call failed: "tlsv1 alert protocol version".
  const std::string& tls_error() const { return tls_error_; }

  // False when the peer has gone.
  bool send(std::string_view bytes);
  void end_sending();
  // One response; its body by Content-Length, or none after a HEAD.
  enum class After { kGet, kHead };
  Answer read_answer(After after = After::kGet);
  // Everything until the peer closes.
  std::string read_to_end();

  bool was_closed();  // waits for it
  // Whether the end that was read said so (close_notify).
  bool ended_cleanly() const;

 private:
  struct Session;  // keeps OpenSSL out of this header

  bool receive();
  // As recv(2).
  long receive_some(char* to, std::size_t size);

  int socket_ = -1;
  std::unique_ptr<Session> session_;  // nullptr: plain
  std::string tls_error_;
  std::string received_;
};

// GET `path` on a connection of its own.
Answer fetch(const std::string& address, const std::string& path, Wire wire = Wire::kPlain);

}  // namespace lookout::http
