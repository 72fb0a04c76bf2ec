#include "src/http/server_session.hpp"

#include "lookout/base/log.hpp"

#include "src/http/server_response.hpp"

namespace lookout::http {

Session::Session(tcp::socket socket, SessionContext& context, OnClosed on_closed)
    : context_(context),
      on_closed_(std::move(on_closed)),
      socket_(std::move(socket)),
      deadline_(socket_.get_executor()),
      reader_(context.limits) {}

void Session::serve() {
  enter(Phase::kHeader, context_.limits.read_header_timeout);
  read();
}

void Session::refuse(const Refusal& refusal) {
  write(plain_response(refusal), {});
}

void Session::drain() {
  draining_ = true;
  if (phase_ == Phase::kIdle || phase_ == Phase::kHeader) close();
}

void Session::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  error_code ignored;  // closing is all that is left to do
  deadline_.cancel(ignored);
  socket_.close(ignored);
  on_closed_(shared_from_this());
}

void Session::read() {
  socket_.async_read_some(net::buffer(input_),
                          [self = shared_from_this()](const error_code& error, std::size_t size) {
                            self->on_read(error, size);
                          });
}

void Session::on_read(const error_code& error, std::size_t size) {
  if (phase_ == Phase::kClosed) return;
  if (header_timed_out_) return refuse({408, "the header took too long"});
  if (error) return close();
  if (phase_ == Phase::kIdle) enter(Phase::kHeader, context_.limits.read_header_timeout);
  reader_.append({input_.data(), size});
  advance();
}

void Session::advance() {
  const std::optional<Verdict> verdict = reader_.next();
  if (!verdict) return read();
  if (const auto* accepted = std::get_if<Accepted>(&*verdict)) return answer(*accepted);
  context_.stats.bad_requests.add();
  refuse(std::get<Refusal>(*verdict));
}

void Session::next_request() {
  if (reader_.is_midway()) {
    enter(Phase::kHeader, context_.limits.read_header_timeout);
    return advance();
  }
  enter(Phase::kIdle, context_.limits.idle_timeout);
  read();
}

void Session::answer(const Accepted& accepted) {
  context_.stats.requests.add();
  write(ask_handler(accepted.request),
        {accepted.version, accepted.keep_alive, accepted.request.method == Method::kHead});
}

ServerResponse Session::ask_handler(const ServerRequest& request) {
  std::string failure;
  try {
    ServerResponse response = context_.handler(request);
    const Result<void> fit = check_response(response);
    if (fit) return response;
    failure = fit.error().message;
  } catch (const std::exception& error) {
    failure = error.what();
  }
  log::error("request failed", {{"path", request.path}, {"error", failure}});
  return plain_response({500, "internal error"});
}

void Session::write(ServerResponse response, Framing framing) {
  keep_alive_ = framing.keep_alive && !draining_;
  response_.emplace(static_cast<beast_http::status>(response.status), framing.version);
  response_->set(beast_http::field::date, http_date(std::chrono::system_clock::now()));
  for (const auto& [name, value] : response.headers.fields()) response_->insert(name, value);
  response_->content_length(response.body.size_bytes());
  response_->keep_alive(keep_alive_);
  if (!framing.head_only) response_->body() = std::move(response.body);
  serializer_.emplace(*response_);
  enter(Phase::kWriting, context_.limits.write_timeout);
  beast_http::async_write(socket_, *serializer_,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                            self->on_written(error);
                          });
}

void Session::on_written(const error_code& error) {
  if (phase_ == Phase::kClosed) return;
  serializer_.reset();
  response_.reset();
  if (error) return close();
  if (keep_alive_ && !draining_) return next_request();
  linger();
}

void Session::linger() {
  error_code error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  if (error) return close();
  enter(Phase::kLingering, kLingerTimeout);
  discard();
}

void Session::discard() {
  const auto on_discarded = [self = shared_from_this()](const error_code& error, std::size_t size) {
    self->lingered_bytes_ += size;
    if (error || self->lingered_bytes_ > kLingerBytesMax) return self->close();
    self->discard();
  };
  socket_.async_read_some(net::buffer(input_), on_discarded);
}

void Session::enter(Phase phase, std::chrono::milliseconds timeout) {
  phase_ = phase;
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
  if (phase_ == Phase::kHeader || phase_ == Phase::kWriting) context_.stats.timeouts.add();
  if (phase_ != Phase::kHeader || !reader_.is_midway()) return close();
  // Not two operations at once on a socket that is about to end: the read that this
  // cancels answers.
  header_timed_out_ = true;
  error_code error;
  socket_.cancel(error);
  if (error) close();
}

}  // namespace lookout::http
