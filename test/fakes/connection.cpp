#include "test/fakes/connection.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace lookout::fakes {
namespace {

constexpr MonoTime kNever = MonoTime::max();

int poll_milliseconds(MonoTime deadline) {
  if (deadline == kNever) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<long>(left.count(), 0, 1'000'000));
}

TlsSession::Step step_of(ssize_t moved, TlsSession::Step::Kind wanted) {
  using Kind = TlsSession::Step::Kind;
  if (moved > 0) return {Kind::kMoved, static_cast<std::size_t>(moved)};
  const bool again = moved < 0 && (errno == EAGAIN || errno == EINTR);
  return {again ? wanted : Kind::kClosed, 0};
}

}  // namespace

Connection::Connection(int descriptor, const TlsContext* tls) : descriptor_(descriptor) {
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (tls != nullptr) tls_ = std::make_unique<TlsSession>(*tls, descriptor_);
}

Connection::~Connection() {
  if (reset_) {
    const linger abort{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  }
  ::close(descriptor_);
}

TlsSession::Step Connection::read_step(std::span<char> out) {
  if (tls_) return tls_->read(out);
  return step_of(::recv(descriptor_, out.data(), out.size(), 0), TlsSession::Step::Kind::kWantRead);
}

TlsSession::Step Connection::write_step(std::string_view bytes) {
  if (tls_) return tls_->write(bytes);
  return step_of(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                 TlsSession::Step::Kind::kWantWrite);
}

// True when the socket is ready; else `event` says what happened instead.
bool Connection::poll_until(short events, MonoTime deadline, Event& event) {
  for (;;) {
    if (stopped_) {
      event = Event::kStopped;
      return false;
    }
    std::array<pollfd, 2> fds{{{descriptor_, events, 0}, {waker_.descriptor(), POLLIN, 0}}};
    const int ready = ::poll(fds.data(), fds.size(), poll_milliseconds(deadline));
    if (ready < 0) continue;
    if (fds[0].revents != 0) return true;
    event = fds[1].revents != 0 ? Event::kWoken : Event::kTimeout;
    if (fds[1].revents != 0) waker_.drain();
    return false;
  }
}

std::size_t Connection::read(std::span<char> out) {
  using Kind = TlsSession::Step::Kind;
  while (!stopped_) {
    const TlsSession::Step step = read_step(out);
    if (step.kind == Kind::kMoved || step.kind == Kind::kClosed) return step.bytes;
    Event event{};
    poll_until(step.kind == Kind::kWantWrite ? POLLOUT : POLLIN, kNever, event);
  }
  return 0;
}

bool Connection::write(std::string_view bytes) {
  using Kind = TlsSession::Step::Kind;
  while (!bytes.empty() && !stopped_) {
    const TlsSession::Step step = write_step(bytes);
    if (step.kind == Kind::kClosed) return false;
    bytes.remove_prefix(step.bytes);
    Event event{};
    if (step.kind != Kind::kMoved) {
      poll_until(step.kind == Kind::kWantRead ? POLLIN : POLLOUT, kNever, event);
    }
  }
  return bytes.empty();
}

Connection::Event Connection::wait(MonoTime deadline) {
  if (tls_ && tls_->has_pending()) return Event::kPeer;
  Event event = Event::kPeer;
  if (poll_until(POLLIN | POLLRDHUP, deadline, event)) return Event::kPeer;
  return event;
}

void Connection::stop(Hangup how) {
  hang_up_by(how);
  stopped_ = true;
  waker_.wake();
}

void Connection::hang_up_by(Hangup how) {
  if (how == Hangup::kReset) reset_ = true;
}

}  // namespace lookout::fakes
