#include "src/http/server_session.hpp"

#include "lookout/base/log.hpp"

#include "src/http/server_response.hpp"

namespace lookout::http {

Session::Session(tcp::socket socket, SessionContext& context, OnClosed on_closed)
    : context_(context),
      on_closed_(std::move(on_closed)),
      stream_(std::move(socket)),
      deadline_(stream_.get_executor()),
      reader_(context.limits) {}

void Session::serve() {
  if (context_.identity) return secure();
  enter(Phase::kHeader, context_.limits.read_header_timeout);
  read();
}

void Session::refuse(const Refusal& refusal) {
  write(plain_response(refusal), {});
}

void Session::drain() {
  draining_ = true;
  const bool asked = phase_ == Phase::kDeciding || phase_ == Phase::kWriting;
  if (!asked && phase_ != Phase::kLingering) close();
}

void Session::read() {
  stream_.async_read_some(net::buffer(input_),
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
  std::optional<Verdict> verdict = reader_.next();
  if (!verdict) return read();
  if (auto* accepted = std::get_if<Accepted>(&*verdict)) return admit(std::move(*accepted));
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

void Session::admit(Accepted accepted) {
  context_.stats.requests.add();
  asked_ = std::move(accepted);
  if (Stream::Tls* const tls = stream_.tls()) {
    asked_->request.client_certificate = context_.identity->client(tls->native_handle());
  }
  if (context_.gate) return ask_gate();
  answer(ask_handler());
}

void Session::ask_gate() {
  enter(Phase::kDeciding, context_.limits.gate_timeout);
  try {
    context_.gate(asked_->request, decision());
  } catch (const std::exception& error) {
    answer(fail(error.what()));
  }
}

Decide Session::decision() {
  return [inbox = context_.inbox, session = weak_from_this(),
          question = ++question_](std::optional<ServerResponse> refusal) {
    inbox->post([session, question, refusal = std::move(refusal)] {
      if (const auto alive = session.lock()) alive->decide(question, refusal);
    });
  };
}

void Session::decide(std::uint64_t question, const std::optional<ServerResponse>& refusal) {
  if (phase_ != Phase::kDeciding || question != question_) return;
  if (!refusal) return answer(ask_handler());
  answer(*refusal);
}

ServerResponse Session::ask_handler() {
  try {
    return context_.handler(asked_->request);
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}

ServerResponse Session::fail(std::string_view reason) {
  log::error("request failed", {{"path", asked_->request.path}, {"error", reason}});
  return plain_response({500, "internal error"});
}

void Session::answer(ServerResponse response) {
  const Result<void> fit = check_response(response);
  if (!fit) response = fail(fit.error().message);
  const Framing framing{asked_->version, asked_->keep_alive,
                        asked_->request.method == Method::kHead,
                        stream_.tls() != nullptr && !is_for_localhost(asked_->request)};
  asked_.reset();
  write(std::move(response), framing);
}

void Session::write(ServerResponse response, Framing framing) {
  keep_alive_ = framing.keep_alive && !draining_;
  response_.emplace(static_cast<beast_http::status>(response.status), framing.version);
  response_->set(beast_http::field::date, http_date(std::chrono::system_clock::now()));
  for (const auto& [name, value] : response.headers.fields()) response_->insert(name, value);
  if (framing.strict_transport) {
    response_->set(beast_http::field::strict_transport_security, kStrictTransport);
  }
  response_->content_length(response.body.size_bytes());
  response_->keep_alive(keep_alive_);
  if (!framing.head_only) response_->body() = std::move(response.body);
  serializer_.emplace(*response_);
  enter(Phase::kWriting, context_.limits.write_timeout);
  beast_http::async_write(stream_, *serializer_,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                            self->on_written(error);
                          });
  hold_body();
}

void Session::hold_body() {
  hold_.emplace(context_.held, response_->body());
  const std::size_t most =
      context_.limits.held_bytes_max + ServerLimits::kHeldBodies * response_->body().size_bytes();
  if (context_.held.bytes() > most) context_.relieve(most);
}

void Session::on_written(const error_code& error) {
  if (phase_ == Phase::kClosed) return;
  serializer_.reset();
  response_.reset();
  hold_.reset();
  if (error) return close();
  if (keep_alive_ && !draining_) return next_request();
  linger();
}

}  // namespace lookout::http
