// How a session begins and ends, and what happens when its time is over.
#include "src/http/server_response.hpp"
#include "src/http/server_session.hpp"

namespace lookout::http {
namespace {

constexpr char kTlsHandshakeRecord = 0x16;  // RFC 8446 section 5.1

}  // namespace

void Session::secure() {
  enter(Phase::kHandshake, context_.limits.handshake_timeout);
  stream_.socket().async_receive(net::buffer(input_, 1), tcp::socket::message_peek,
                                 [self = shared_from_this()](const error_code& error, std::size_t) {
                                   self->on_first_byte(error);
                                 });
}

void Session::on_first_byte(const error_code& error) {
  if (phase_ == Phase::kClosed) return;
  if (error) return close();
  if (input_.front() != kTlsHandshakeRecord) {
    context_.stats.bad_requests.add();
    return refuse({400, "this port is for HTTPS"});
  }
  try {
    stream_.secure(context_.identity->handshakes());
  } catch (const boost::system::system_error&) {  // out of memory
    return close();
  }
  stream_.tls()->async_handshake(
      net::ssl::stream_base::server,
      [self = shared_from_this()](const error_code& failure) { self->on_secured(failure); });
}

void Session::on_secured(const error_code& error) {
  if (phase_ == Phase::kClosed) return;
  if (error) {
    context_.stats.tls_handshake_failures.add();
    enter(Phase::kLingering, kLingerTimeout);  // for the alert that says why
    return end_sending();
  }
  enter(Phase::kHeader, context_.limits.read_header_timeout);
  read();
}

void Session::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  hold_.reset();
  error_code ignored;  // closing is all that is left to do
  deadline_.cancel(ignored);
  stream_.socket().close(ignored);
  on_closed_(shared_from_this());
}

void Session::give_way() {
  if (phase_ != Phase::kIdle) context_.stats.timeouts.add();
  close();
}

std::optional<Dispensable> Session::dispensable(Clock::time_point now) const {
  using Standing = Dispensable::Standing;
  switch (phase_) {
    case Phase::kIdle: return Dispensable{Standing::kIdle, phase_since_};
    case Phase::kHandshake:
    case Phase::kHeader: return Dispensable{Standing::kAsking, phase_since_};
    case Phase::kWriting:
      if (now - phase_since_ < context_.limits.slow_write_after) return std::nullopt;
      return Dispensable{Standing::kReadingSlowly, phase_since_};
    case Phase::kDeciding:
    case Phase::kLingering:
    case Phase::kClosed: break;
  }
  return std::nullopt;
}

std::optional<Session::Clock::time_point> Session::writing_since() const {
  if (phase_ != Phase::kWriting) return std::nullopt;
  return phase_since_;
}

void Session::linger() {
  enter(Phase::kLingering, kLingerTimeout);
  Stream::Tls* const tls = stream_.tls();
  if (tls == nullptr) return end_sending();
  // Whatever comes of it, our close_notify is out.
  tls->async_shutdown([self = shared_from_this()](const error_code&) {
    if (self->phase_ != Phase::kClosed) self->end_sending();
  });
}

void Session::end_sending() {
  error_code error;
  stream_.socket().shutdown(tcp::socket::shutdown_send, error);
  if (error) return close();
  discard();
}

void Session::discard() {
  const auto on_discarded = [self = shared_from_this()](const error_code& error, std::size_t size) {
    self->lingered_bytes_ += size;
    if (error || self->lingered_bytes_ > kLingerBytesMax) return self->close();
    self->discard();
  };
  stream_.socket().async_read_some(net::buffer(input_), on_discarded);
}

void Session::enter(Phase phase, std::chrono::milliseconds timeout) {
  phase_ = phase;
  phase_since_ = Clock::now();
  deadline_.expires_after(timeout);
  await_deadline();
}

void Session::await_deadline() {
  deadline_.async_wait([self = shared_from_this()](const error_code& error) {
    // A wait whose deadline was moved while it was queued has nothing to say.
    const bool moved = self->deadline_.expiry() > Clock::now();
    if (!error && !moved && self->phase_ != Phase::kClosed) self->on_deadline();
  });
}

void Session::on_deadline() {
  if (phase_ == Phase::kDeciding) {
    context_.stats.undecided_requests.add();
    return answer(plain_response({503, "no decision about this request in time"}));
  }
  const bool slow =
      phase_ == Phase::kHandshake || phase_ == Phase::kHeader || phase_ == Phase::kWriting;
  if (slow) context_.stats.timeouts.add();
  if (phase_ == Phase::kHandshake) context_.stats.tls_handshake_failures.add();
  if (phase_ != Phase::kHeader || !reader_.is_midway()) return close();
  // Not two operations at once on a socket that is about to end: the read that this
  // cancels answers.
  header_timed_out_ = true;
  error_code error;
  stream_.socket().cancel(error);
  if (error) close();
}

}  // namespace lookout::http
