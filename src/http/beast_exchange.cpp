#include "src/http/beast_exchange.hpp"

#include <algorithm>
#include <memory>

#include "src/http/beast_response.hpp"

namespace lookout::http {
namespace {

// As Host and in whole URLs: without the scheme's own port, which signatures leave out too.
std::string authority(const Url& origin) {
  const bool usual = origin.port == (origin.scheme == "https" ? 443 : 80);
  if (!usual) return origin.host_and_port();
  return origin.is_ipv6_literal() ? "[" + origin.host + "]" : origin.host;
}

void add_field(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

class Answer {
 public:
  Answer(Wire& wire, const Outgoing& outgoing, BodySink& sink, const Patience& header)
      : wire_(wire),
        header_(header),
        idle_timeout_(outgoing.idle_timeout),
        reader_(sink, outgoing.method, outgoing.header_bytes_max),
        bytes_(new char[kPieceBytesMax]) {}

  Result<void> receive() {
    while (!reader_.done()) {
      if (auto advanced = advance(); !advanced) return advanced;
    }
    return {};
  }
  bool begun() const { return begun_; }
  bool leaves_wire_clean() const { return reader_.keeps_alive() && held_ == 0; }

 private:
  std::string_view reached() const {
    return reader_.head_delivered() ? phase::kBody : phase::kHeaders;
  }
  // The sink's own time is no silence of the peer: the body's clock starts at each read.
  Patience patience() const {
    if (!reader_.head_delivered()) return header_;
    return {SystemClock().now() + idle_timeout_, header_.stop};
  }

  Result<void> advance() {
    if (held_ == kPieceBytesMax) {
      return in_phase(reached(), {ErrorCode::kUnavailable, "a line without end"});
    }
    const auto more = wire_.read_some(bytes_.get() + held_, kPieceBytesMax - held_, patience());
    if (!more) return in_phase(reached(), more.error());
    if (*more == 0) return reader_.end();
    begun_ = true;
    held_ += *more;
    const auto used = reader_.feed({bytes_.get(), held_});
    if (!used) return used.error();
    held_ -= *used;
    std::copy_n(bytes_.get() + *used, held_, bytes_.get());
    return {};
  }

  Wire& wire_;
  const Patience header_;
  const std::chrono::milliseconds idle_timeout_;
  ResponseReader reader_;
  const std::unique_ptr<char[]> bytes_;
  std::size_t held_ = 0;  // read, and more is needed to make sense of it
  bool begun_ = false;
};

bool is_peers_doing(const Error& error, const Patience& patience) {
  return error.code == ErrorCode::kUnavailable && SystemClock().now() < patience.deadline;
}

}  // namespace

std::string request_text(const Request& request, const Route& route) {
  const Url& origin = route.origin();
  std::string text(method_name(request.method));
  text += ' ';
  if (route.forwarder() != nullptr) text += origin.scheme + "://" + authority(origin);
  text += request.target + " HTTP/1.1\r\n";
  if (request.headers.find("Host") == nullptr) add_field(text, "Host", authority(origin));
  for (const auto& [name, value] : request.headers.fields()) add_field(text, name, value);
  if (route.forwarder() != nullptr && route.forwarder()->has_credentials()) {
    add_field(text, "Proxy-Authorization", route.forwarder()->basic_authorization());
  }
  const bool carries = request.method == Method::kPost || request.method == Method::kPut;
  if (carries || !request.body.empty()) {
    add_field(text, "Content-Length", std::to_string(request.body.size()));
  }
  return text + "\r\n" + request.body;
}

Exchanged exchange(Wire& wire, const Outgoing& outgoing, BodySink& sink, const Patience& header) {
  const auto written = wire.write(outgoing.text, header);
  // A peer that refuses before it has read everything says why: look for its answer.
  if (!written && !is_peers_doing(written.error(), header)) {
    return {in_phase(phase::kHeaders, written.error())};
  }
  Answer answer(wire, outgoing, sink, header);
  Exchanged done;
  done.outcome = answer.receive();
  done.answered = answer.begun();
  done.reusable = done.outcome && written && answer.leaves_wire_clean();
  return done;
}

}  // namespace lookout::http
