#include "src/http/beast_wire.hpp"

// clang-format off
// <boost/asio/awaitable.hpp> of 1.74 uses std::exchange without including this.
#include <utility>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
// clang-format on

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>

#include "lookout/base/text.hpp"
#include "lookout/http/transport.hpp"

#include "src/http/beast_tls.hpp"
#include "src/http/socket_options.hpp"

namespace lookout::http {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using tcp = net::ip::tcp;
using Tls = net::ssl::stream<tcp::socket&>;
using TlsInTls = net::ssl::stream<Tls&>;

Error unavailable(std::string message) {
  return {ErrorCode::kUnavailable, std::move(message)};
}

Error failure(const error_code& error) {
  if (error.category() == net::error::get_ssl_category()) {
    return unavailable(std::string(phase::kTls) + tls_error_text(error.value()));
  }
  if (error == net::ssl::error::stream_truncated) return unavailable("TLS ended without a word");
  if (error == net::error::eof) return unavailable("peer closed the connection early");
  return unavailable(to_lower(error.message()));
}

Error tls_failure(const error_code& error, const TlsMaterial& material) {
  const bool from_tls = error.category() == net::error::get_ssl_category();
  const std::string refusal =
      from_tls && is_certificate_refusal(error.value()) ? material.last_refusal() : "";
  if (!refusal.empty()) return unavailable(std::string(phase::kTls) + refusal);
  Error described = failure(error);
  if (!from_tls) described.message = std::string(phase::kTls) + described.message;
  return described;
}

struct Moved {
  error_code error;
  std::size_t bytes = 0;
};

}  // namespace

struct Wire::State {
  net::io_context io{1};  // run by whoever waits
  tcp::socket socket{io};
  std::optional<Tls> tls;
  std::optional<TlsInTls> tls_in_tls;
  unsigned long read_error = 0;  // OpenSSL's, of the next read

  // `start` begins one operation that ends with the handler it is given. What the operation
  // refers to may live on the caller's stack: it has always ended when this returns.
  template <class Start>
  Result<Moved> finish(const Patience& patience, Start start) {
    if (patience.stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
    std::optional<Moved> moved;
    start([&moved](const error_code& error, std::size_t bytes = 0) {
      moved = Moved{error, bytes};
    });
    io.restart();
    {
      const std::stop_callback wake(patience.stop, [this] { net::post(io, [] {}); });
      run_until(patience.deadline, [&] { return moved || patience.stop.stop_requested(); });
    }
    if (moved) return *moved;
    error_code ignored;
    socket.close(ignored);
    while (!moved) io.run_one();
    if (patience.stop.stop_requested()) return Error{ErrorCode::kCancelled, "cancelled"};
    return unavailable(std::string(kTimedOut));
  }

  // Runs handlers until done() or the deadline. A wait of Asio's with an end wakes up every second,
  // so a silence that lasts is left to a timer.
  template <class Done>
  void run_until(MonoTime deadline, Done done) {
    const MonoTime soon = std::min(deadline, SystemClock().now() + std::chrono::seconds(1));
    while (!done() && io.run_one_until(soon) > 0) {
    }
    if (done() || soon == deadline) return;
    bool rung = false;
    net::steady_timer alarm(io, deadline);
    alarm.async_wait([&rung](const error_code&) { rung = true; });
    while (!done() && !rung) io.run_one();
    alarm.cancel();
    while (!rung) io.run_one();
  }

  template <class Use>
  void use_top(Use use) {
    if (tls_in_tls) return use(*tls_in_tls);
    if (tls) return use(*tls);
    use(socket);
  }

  SSL* top_tls() {
    if (tls_in_tls) return tls_in_tls->native_handle();
    return tls ? tls->native_handle() : nullptr;
  }

  // What came with the records read before: an operation of Asio ends with the first, and who sends
  // small ones sends many at once. When TLS fails behind them, that is for the next read to tell.
  std::size_t read_ready(char* out, std::size_t size) {
    SSL* const top = top_tls();
    std::size_t ready = 0;
    if (top == nullptr) return ready;
    for (std::size_t more = 0;
         ready < size && SSL_read_ex(top, out + ready, size - ready, &more) == 1; ready += more) {
    }
    read_error = ERR_peek_error();
    ERR_clear_error();
    return ready;
  }
};

Wire::Wire(std::unique_ptr<State> state) : state_(std::move(state)) {}
Wire::~Wire() = default;

Result<std::unique_ptr<Wire>> Wire::create() {
  try {
    return std::unique_ptr<Wire>(new Wire(std::make_unique<State>()));
  } catch (const boost::system::system_error& error) {  // out of descriptors
    return failure(error.code());
  }
}

Result<void> Wire::connect(const SocketAddress& address, const Patience& patience) {
  tcp::endpoint endpoint;
  endpoint.resize(address.size);
  std::memcpy(endpoint.data(), &address.storage, address.size);
  tcp::socket& socket = state_->socket;
  error_code error;
  socket.close(error);
  // Opened here: Asio 1.74 sets no SOCK_CLOEXEC, and credential plugins are children of ours.
  const int descriptor =
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
  if (descriptor < 0) return failure({errno, boost::system::system_category()});
  socket.assign(endpoint.protocol(), descriptor, error);
  if (error) {
    ::close(descriptor);
    return failure(error);
  }
  notice_half_open_peer(descriptor);
  socket.set_option(tcp::no_delay(true), error);
  const auto connected = state_->finish(
      patience, [&](auto ended) { socket.async_connect(endpoint, std::move(ended)); });
  if (!connected) return connected.error();
  return connected->error ? failure(connected->error) : Result<void>();
}

Result<void> Wire::start_tls(TlsPeer& peer, const Patience& patience) {
  const auto shake_hands = [&](auto& stream) -> Result<void> {
    peer.material().introduce(stream.native_handle());
    const auto done = state_->finish(patience, [&stream](auto ended) {
      stream.async_handshake(net::ssl::stream_base::client, std::move(ended));
    });
    if (!done) return done.error();
    return done->error ? tls_failure(done->error, peer.material()) : Result<void>();
  };
  if (!state_->tls) return shake_hands(state_->tls.emplace(state_->socket, peer.context()));
  return shake_hands(state_->tls_in_tls.emplace(*state_->tls, peer.context()));
}

Result<std::size_t> Wire::read_some(char* out, std::size_t size, const Patience& patience) {
  if (state_->read_error != 0) {
    return failure({static_cast<int>(state_->read_error), net::error::get_ssl_category()});
  }
  const auto moved = state_->finish(patience, [&](auto ended) {
    state_->use_top(
        [&](auto& stream) { stream.async_read_some(net::buffer(out, size), std::move(ended)); });
  });
  if (!moved) return moved.error();
  if (moved->error == net::error::eof) return std::size_t{0};
  if (moved->error) return failure(moved->error);
  return moved->bytes + state_->read_ready(out + moved->bytes, size - moved->bytes);
}

Result<void> Wire::write(std::string_view bytes, const Patience& patience) {
  while (!bytes.empty()) {
    const auto moved = state_->finish(patience, [&](auto ended) {
      state_->use_top([&](auto& stream) {
        stream.async_write_some(net::buffer(bytes.data(), bytes.size()), std::move(ended));
      });
    });
    if (!moved) return moved.error();
    if (moved->error) return failure(moved->error);
    bytes.remove_prefix(moved->bytes);
  }
  return {};
}

bool Wire::is_quiet() const {
  char peeked = 0;
  const int descriptor = state_->socket.native_handle();
  return state_->read_error == 0 && ::recv(descriptor, &peeked, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace lookout::http
