// One accepted connection: secure it if the server has TLS, then read a request, ask the
// gate and the handler, write the answer, again. Everything runs on the server's thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "src/http/server_beast.hpp"
#include "src/http/server_chain_body.hpp"
#include "src/http/server_held.hpp"
#include "src/http/server_inbox.hpp"
#include "src/http/server_reader.hpp"
#include "src/http/server_stream.hpp"
#include "src/http/server_tls.hpp"

namespace lookout::http {

// How long and how much a connection that we end may still send, so that our answer
// is not lost to the reset that unread bytes would cause.
inline constexpr std::chrono::milliseconds kLingerTimeout{500};
inline constexpr std::size_t kLingerBytesMax = std::size_t{1024} * 1024;

// What all connections of a server share; outlives them.
struct SessionContext {
  Handler handler;
  Gate gate;
  ServerLimits limits;
  ServerStats stats;
  std::unique_ptr<ServerIdentity> identity;  // nullptr: plain HTTP
  std::shared_ptr<Inbox> inbox;              // outlives this with whoever has to decide
  HeldBytes held;
  std::function<void(std::size_t held_bytes_max)> relieve;  // ends responses until it is kept
};

// What a connection costs nobody to lose: the smallest goes first.
struct Dispensable {
  enum class Standing { kIdle, kAsking, kReadingSlowly };
  Standing standing = Standing::kIdle;
  std::chrono::steady_clock::time_point since;

  auto operator<=>(const Dispensable&) const = default;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  using OnClosed = std::function<void(const std::shared_ptr<Session>&)>;

  // `on_closed` is called exactly once.
  Session(tcp::socket socket, SessionContext& context, OnClosed on_closed);

  // Exactly one of these, once.
  void serve();
  void refuse(const Refusal& refusal);

  // Ends now unless a request is decided about or its response on its way; then after it.
  void drain();
  void close();

  // close(), counted as a time-out unless it idled.
  void give_way();

  using Clock = std::chrono::steady_clock;
  std::optional<Dispensable> dispensable(Clock::time_point now) const;  // nullopt: it is not
  // Since when a response is on its way; nullopt: none is.
  std::optional<Clock::time_point> writing_since() const;

 private:
  using Response = beast_http::response<ChainBody>;
  enum class Phase { kHandshake, kIdle, kHeader, kDeciding, kWriting, kLingering, kClosed };

  void secure();
  void on_first_byte(const error_code& error);
  void on_secured(const error_code& error);

  void read();
  void on_read(const error_code& error, std::size_t size);
  void advance();
  void next_request();
  void admit(Accepted accepted);
  void ask_gate();
  Decide decision();
  void decide(std::uint64_t question, const std::optional<ServerResponse>& refusal);
  ServerResponse ask_handler();
  ServerResponse fail(std::string_view reason);
  void answer(ServerResponse response);
  struct Framing {
    unsigned version = 11;
    bool keep_alive = false;
    bool head_only = false;
    bool strict_transport = false;
  };
  void write(ServerResponse response, Framing framing);
  void hold_body();
  void on_written(const error_code& error);
  void linger();
  void end_sending();
  void discard();

  void enter(Phase phase, std::chrono::milliseconds timeout);
  void await_deadline();
  void on_deadline();

  SessionContext& context_;
  const OnClosed on_closed_;
  Stream stream_;
  net::steady_timer deadline_;
  RequestReader reader_;
  Phase phase_ = Phase::kHeader;
  Clock::time_point phase_since_;
  std::optional<Accepted> asked_;  // until it is answered
  std::uint64_t question_ = 0;     // which the gate was asked last
  bool draining_ = false;
  bool keep_alive_ = false;
  bool header_timed_out_ = false;
  std::size_t lingered_bytes_ = 0;
  std::array<char, 4096> input_{};
  // All three live until the write has completed.
  std::optional<HeldBytes::Hold> hold_;
  std::optional<Response> response_;
  std::optional<beast_http::response_serializer<ChainBody>> serializer_;
};

}  // namespace lookout::http
