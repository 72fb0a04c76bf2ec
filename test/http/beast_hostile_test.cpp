// Peers that mean harm, over real sockets: time and memory stay bounded.
#include <catch2/catch.hpp>
#include <sys/socket.h>

#include "lookout/http/beast_transport.hpp"

#include "test/http/conformance_parts.hpp"

namespace lookout::http {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using conformance::connect;
using conformance::message_of;
using conformance::Sending;
using conformance::WatchedSink;
using fakes::RawConnection;
using fakes::RawServer;
using std::chrono::milliseconds;

Result<std::unique_ptr<Transport>> create(TransportOptions options) {
  return create_beast_transport(std::move(options));
}

std::string outcome_of(const RawServer::Script& script, const Request& request = {}) {
  RawServer server(script);
  WatchedSink sink;
  return message_of(connect(create, server.url())->send(request, sink, {}));
}

// Writes until the client has had enough of it.
void write_for_ever(RawConnection& connection, std::string_view bytes) {
  while (connection.write(bytes)) {
  }
}

// Keeps writing small pieces, a while apart, until the client has gone.
void drip(RawConnection& connection, std::string_view piece) {
  conformance::Gate never;
  while (connection.write(piece)) never.wait_for(milliseconds(5));
}

}  // namespace

TEST_CASE("beast transport: headers of a hostile peer are bounded") {
  SECTION("without end") {
    const auto outcome = outcome_of([](RawConnection& connection) {
      connection.read_head();
      connection.write("HTTP/1.1 200 OK\r\n");
      write_for_ever(connection, "X-Field: and one more\r\n");
    });
    CHECK_THAT(outcome, StartsWith("headers: header limit"));
  }
  SECTION("3 MB in one field") {
    const auto outcome = outcome_of([](RawConnection& connection) {
      connection.read_head();
      connection.write("HTTP/1.1 200 OK\r\nX: " + std::string(3 << 20, 'x') + "\r\n\r\n");
    });
    CHECK_THAT(outcome, StartsWith("headers: header limit"));
  }
  SECTION("as large as the limit says") {
    RawServer server([](RawConnection& connection) {
      connection.read_head();
      connection.write("HTTP/1.1 200 OK\r\nX: " + std::string(900, 'x') +
                       "\r\nContent-Length: 0\r\n\r\n");
    });
    const auto limited = [](std::size_t bytes) {
      return [bytes](TransportOptions options) {
        return create_beast_transport(std::move(options), {.header_bytes_max = bytes});
      };
    };
    WatchedSink sink;
    CHECK(message_of(connect(limited(1024), server.url())->send({}, sink, {})) == "success");
    CHECK_THAT(message_of(connect(limited(800), server.url())->send({}, sink, {})),
               StartsWith("headers: header limit"));
  }
  SECTION("byte by byte") {
    Request request;
    request.header_timeout = milliseconds(150);
    const auto outcome = outcome_of(
        [](RawConnection& connection) {
          connection.read_head();
          connection.write("HTTP/1.1 200 OK\r\nX: ");
          drip(connection, "x");
        },
        request);
    CHECK(outcome == "headers: timed out");
  }
}

TEST_CASE("beast transport: one chunk of 512 MB comes in small pieces") {
  constexpr std::size_t kTotal = std::size_t{512} << 20;
  const std::string piece(1 << 20, 'x');
  RawServer server([&piece](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::kChunkedHead);
    connection.write("20000000\r\n");
    for (std::size_t i = 0; i < kTotal / piece.size(); ++i) connection.write(piece);
    connection.write("\r\n");
    connection.write(fakes::kLastChunk);
  });
  WatchedSink sink;
  sink.keep_nothing();
  CHECK(message_of(connect(create, server.url())->send({}, sink, {})) == "success");
  CHECK(sink.bytes() == kTotal);
  CHECK(sink.largest_piece() <= std::size_t{128} << 10);
}

TEST_CASE("beast transport: what surrounds chunks is bounded") {
  const std::string beginning = GENERATE("5;ext=", "0\r\nX-Trailer: ");
  const auto outcome = outcome_of([&beginning](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::kChunkedHead);
    connection.write(beginning);
    write_for_ever(connection, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
  });
  CHECK_THAT(outcome, StartsWith("body: "));
}

TEST_CASE("beast transport: garbage is an error of its phase") {
  const auto answering = [](const std::string& bytes) {
    return outcome_of([&bytes](RawConnection& connection) {
      connection.read_head();
      connection.write(bytes);
    });
  };
  CHECK_THAT(answering(std::string(100'000, '\0')), StartsWith("headers: "));
  CHECK_THAT(answering("<html>HTTP/0.9</html>"), StartsWith("headers: "));
  CHECK_THAT(answering("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), StartsWith("headers: "));
  CHECK_THAT(answering("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nx"),
             StartsWith("body: "));
}

TEST_CASE("beast transport: TLS that ends without a word is a body cut short") {
  const fakes::CertificateAuthority authority;
  RawServer server(
      [](RawConnection& connection) {
        connection.read_head();
        connection.write("HTTP/1.1 200 OK\r\n\r\nas much as there is");
        ::shutdown(connection.descriptor(), SHUT_WR);
        connection.wait_until_closed();
      },
      fakes::ServerTls{authority.issue(), ""});
  TlsOptions tls;
  tls.ca_pem = authority.ca_pem();
  WatchedSink sink;
  CHECK_THAT(message_of(connect(create, server.url(), tls)->send({}, sink, {})),
             StartsWith("body: "));
}

TEST_CASE("beast transport: an answer nobody asked for ends the connection's use") {
  RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::plain_answer("ok") + fakes::plain_answer("smuggled"));
    connection.wait_until_closed();
  });
  const auto transport = connect(create, server.url());
  for (int i = 0; i < 2; ++i) {
    WatchedSink sink;
    CHECK(message_of(transport->send({}, sink, {})) == "success");
    CHECK(sink.body() == "ok");
  }
  CHECK(server.connections() == 2);
}

}  // namespace lookout::http
