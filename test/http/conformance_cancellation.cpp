#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test/fakes/scripted_resolver.hpp"
#include "test/http/conformance_parts.hpp"

namespace lookout::http::conformance {
namespace {

using fakes::RawConnection;
using fakes::RawServer;

// Promised within 100 ms; the rest is for machines that do other things as well.
constexpr std::chrono::milliseconds kPrompt{1000};

void check_cancelled(Sending& sending, const WatchedSink& sink) {
  sending.stop();
  const Outcome outcome = sending.outcome();
  const std::size_t calls = sink.calls();
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == ErrorCode::kCancelled);
  CHECK(outcome.after_stop < kPrompt);
  CHECK(sink.calls() == calls);
}

// A listener whose queue is full: further connects get no answer.
class FullListener {
 public:
  FullListener() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    REQUIRE(::bind(listener_, as_sockaddr(), size) == 0);
    REQUIRE(::listen(listener_, 0) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address_), &size) == 0);
    for (int& waiting : waiting_) {
      waiting = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      static_cast<void>(::connect(waiting, as_sockaddr(), size));
    }
  }
  ~FullListener() {
    for (const int waiting : waiting_) ::close(waiting);
    ::close(listener_);
  }
  FullListener(const FullListener&) = delete;
  FullListener& operator=(const FullListener&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(ntohs(address_.sin_port)); }

 private:
  const sockaddr* as_sockaddr() const { return reinterpret_cast<const sockaddr*>(&address_); }

  int listener_;
  sockaddr_in address_{};
  int waiting_[8];
};

void while_resolving(const Factory& create) {
  WatchedSink sink;
  const auto transport = connect(create, "http://" + std::string(fakes::kSlowName));
  Sending sending(*transport, sink);
  fakes::wait_for_slow_lookup();
  check_cancelled(sending, sink);
  fakes::release_slow_name();
}

void while_tls_is_not_answered(const Factory& create) {
  Gate hello;
  RawServer server([&hello](RawConnection& connection) {
    if (connection.read_exactly(5).size() == 5) hello.open();
    connection.wait_until_closed();
  });
  WatchedSink sink;
  const auto transport = connect(create, "https://127.0.0.1:" + std::to_string(server.port()));
  Sending sending(*transport, sink);
  CHECK(hello.wait());
  check_cancelled(sending, sink);
}

void while_headers_do_not_come(const Factory& create) {
  Gate asked;
  Gate closed;
  RawServer server([&](RawConnection& connection) {
    connection.read_head();
    asked.open();
    connection.wait_until_closed();
    closed.open();
  });
  WatchedSink sink;
  const auto transport = connect(create, server.url());
  Sending sending(*transport, sink);
  CHECK(asked.wait());
  check_cancelled(sending, sink);
  CHECK(closed.wait());
}

void while_the_body_is_silent(const Factory& create) {
  Gate closed;
  RawServer server([&closed](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::kChunkedHead);
    connection.write_chunk("first");
    connection.wait_until_closed();
    closed.open();
  });
  WatchedSink sink;
  const auto transport = connect(create, server.url());
  Sending sending(*transport, sink);
  CHECK(sink.wait_for_bytes(5));
  const std::chrono::milliseconds silence = GENERATE(0, 1200) * std::chrono::milliseconds(1);
  Gate never;
  CHECK_FALSE(never.wait_for(silence));
  check_cancelled(sending, sink);
  CHECK(closed.wait());
}

void while_a_tls_body_pours(const Factory& create) {
  const fakes::CertificateAuthority authority;
  RawServer server(
      [](RawConnection& connection) {
        connection.read_head();
        connection.write(fakes::kChunkedHead);
        while (connection.write_chunk("on and on")) {
        }
      },
      fakes::ServerTls{authority.issue(), ""});
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  const auto transport = connect(create, server.url(), tls);
  for (int i = 0; i < 5; ++i) {
    WatchedSink sink;
    sink.keep_nothing();
    Sending sending(*transport, sink);
    CHECK(sink.wait_for_bytes(10'000));
    check_cancelled(sending, sink);
  }
}

void while_the_body_pours(const Factory& create) {
  RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::kChunkedHead);
    while (connection.write_chunk("on and on")) {
    }
  });
  WatchedSink sink;
  sink.keep_nothing();
  const auto transport = connect(create, server.url());
  Sending sending(*transport, sink);
  CHECK(sink.wait_for_bytes(100'000));
  check_cancelled(sending, sink);
}

void while_the_proxy_is_silent(const Factory& create) {
  Gate asked;
  RawServer proxy([&asked](RawConnection& connection) {
    connection.read_head();
    asked.open();
    connection.wait_until_closed();
  });
  WatchedSink sink;
  const auto transport = connect(create, "https://127.0.0.1:1", {}, *parse_url(proxy.url()));
  Sending sending(*transport, sink);
  CHECK(asked.wait());
  check_cancelled(sending, sink);
}

// A sink that works when stop comes is let finish, and is not called again.
void while_the_sink_works(const Factory& create) {
  RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::kChunkedHead);
    while (connection.write_chunk("more")) {
    }
  });
  Gate entered;
  Gate leave;
  WatchedSink sink([&](std::string_view) {
    entered.open();
    leave.wait();
    return Result<void>();
  });
  const auto transport = connect(create, server.url());
  Sending sending(*transport, sink);
  CHECK(entered.wait());
  sending.stop();
  leave.open();
  const Outcome outcome = sending.outcome();
  const std::size_t calls = sink.calls();
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == ErrorCode::kCancelled);
  CHECK(sink.calls() == calls);
}

}  // namespace

void cancellation(const Factory& create) {
  SECTION("before the start nothing is sent") {
    RawServer server([](RawConnection& connection) { connection.wait_until_closed(); });
    WatchedSink sink;
    std::stop_source stop;
    stop.request_stop();
    const auto result = connect(create, server.url())->send({}, sink, stop.get_token());
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().code == ErrorCode::kCancelled);
    CHECK(server.connections() == 0);
  }
  SECTION("while resolving") {
    while_resolving(create);
  }
  SECTION("while connecting") {
    const FullListener listener;
    WatchedSink sink;
    const auto transport = connect(create, listener.url());
    Sending sending(*transport, sink);
    check_cancelled(sending, sink);
  }
  SECTION("while TLS is not answered") {
    while_tls_is_not_answered(create);
  }
  SECTION("while headers do not come") {
    while_headers_do_not_come(create);
  }
  SECTION("while the body is silent") {
    while_the_body_is_silent(create);
  }
  SECTION("while the body pours") {
    while_the_body_pours(create);
  }
  SECTION("while a TLS body pours") {
    while_a_tls_body_pours(create);
  }
  SECTION("while the proxy is silent") {
    while_the_proxy_is_silent(create);
  }
  SECTION("while the sink works") {
    while_the_sink_works(create);
  }
}

}  // namespace lookout::http::conformance
