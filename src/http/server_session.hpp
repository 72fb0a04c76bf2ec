// One accepted connection: read a request, ask the handler, write the answer, again.
// Everything runs on the server's thread.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>

#include "src/http/server_beast.hpp"
#include "src/http/server_chain_body.hpp"
#include "src/http/server_reader.hpp"

namespace lookout::http {

// How long and how much a connection that we end may still send, so that our answer
// is not lost to the reset that unread bytes would cause.
inline constexpr std::chrono::milliseconds kLingerTimeout{500};
inline constexpr std::size_t kLingerBytesMax = std::size_t{1024} * 1024;

// What all connections of a server share; outlives them.
struct SessionContext {
  Handler handler;
  ServerLimits limits;
  ServerStats stats;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  using OnClosed = std::function<void(const std::shared_ptr<Session>&)>;

  // `on_closed` is called exactly once.
  Session(tcp::socket socket, SessionContext& context, OnClosed on_closed);

  // Exactly one of these, once.
  void serve();
  void refuse(const Refusal& refusal);

  // Ends now unless a response is on its way; then after it.
  void drain();
  void close();

 private:
  using Clock = std::chrono::steady_clock;
  using Response = beast_http::response<ChainBody>;
  enum class Phase { kIdle, kHeader, kWriting, kLingering, kClosed };

  void read();
  void on_read(const error_code& error, std::size_t size);
  void advance();
  void next_request();
  void answer(const Accepted& accepted);
  ServerResponse ask_handler(const ServerRequest& request);
  struct Framing {
    unsigned version = 11;
    bool keep_alive = false;
    bool head_only = false;
  };
  void write(ServerResponse response, Framing framing);
  void on_written(const error_code& error);
  void linger();
  void discard();

  void enter(Phase phase, std::chrono::milliseconds timeout);
  void await_deadline();
  void on_deadline();

  SessionContext& context_;
  const OnClosed on_closed_;
  tcp::socket socket_;
  net::steady_timer deadline_;
  RequestReader reader_;
  Phase phase_ = Phase::kHeader;
  bool draining_ = false;
  bool keep_alive_ = false;
  bool header_timed_out_ = false;
  std::size_t lingered_bytes_ = 0;
  std::array<char, 4096> input_{};
  // Both live until the write has completed.
  std::optional<Response> response_;
  std::optional<beast_http::response_serializer<ChainBody>> serializer_;
};

}  // namespace lookout::http
