// A client that writes exactly the bytes a test gives it and reads what comes back.
// Blocking POSIX sockets; every read gives up after kGuard, so that a test fails
// rather than hangs.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "lookout/http/message.hpp"

namespace lookout::http {

struct Answer {
  int status = 0;  // 0: the connection ended before a whole answer came
  std::string version;
  Headers headers;
  std::string body;

  std::string header(std::string_view name) const;  // "" when absent
};

class RawClient {
 public:
  static constexpr std::chrono::seconds kGuard{20};
  enum class Buffer { kDefault, kSmall };  // kSmall: the peer's writes block early

  // Connects to "IP:PORT" or "[IP]:PORT". REQUIREs success.
  explicit RawClient(const std::string& address, Buffer buffer = Buffer::kDefault);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the peer has gone.
  bool send(std::string_view bytes);
  void end_sending();
  // One response; its body by Content-Length, or none after a HEAD.
  enum class After { kGet, kHead };
  Answer read_answer(After after = After::kGet);
  // Everything until the peer closes.
  std::string read_to_end();

  bool was_closed();  // waits for it

 private:
  bool receive();

  int socket_ = -1;
  std::string received_;
};

// GET `path` on a connection of its own.
Answer fetch(const std::string& address, const std::string& path);

}  // namespace lookout::http
