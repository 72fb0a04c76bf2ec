#include <catch2/catch.hpp>
#include <sys/socket.h>

#include <atomic>

#include "test/http/conformance_parts.hpp"

namespace lookout::http::conformance {
namespace {

using fakes::RawConnection;
using fakes::RawServer;

struct Fetched {
  Result<void> result;
  ResponseHead head;
  std::string body;
};

Fetched fetch(const Factory& create, const RawServer::Script& script, const Request& request = {}) {
  RawServer server(script);
  WatchedSink sink;
  auto result = connect(create, server.url())->send(request, sink, {});
  return {std::move(result), sink.head(), sink.body()};
}

RawServer::Script answering(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection) {
    connection.read_head();
    connection.write(bytes);
    connection.wait_until_closed();
  };
}

void streams_before_the_end(const Factory& create) {
  Gate more;
  RawServer server([&more](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::kChunkedHead);
    connection.write_chunk("first");
    more.wait();
    connection.write_chunk("second");
    connection.write(fakes::kLastChunk);
  });
  WatchedSink sink;
  const auto transport = connect(create, server.url());
  Sending sending(*transport, sink);
  CHECK(sink.wait_for_bytes(5));
  CHECK(sink.body() == "first");
  CHECK(sink.head().media_type() == "application/json");
  more.open();
  CHECK(message_of(sending.outcome().result) == "success");
  CHECK(sink.body() == "firstsecond");
}

void carries_big_bodies(const Factory& create) {
  constexpr std::size_t kPieces = 1024;
  const std::string piece(64 * 1024, 'x');
  RawServer server([&piece](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::kChunkedHead);
    for (std::size_t i = 0; i < kPieces; ++i) connection.write_chunk(piece);
    connection.write(fakes::kLastChunk);
  });
  WatchedSink sink;
  sink.keep_nothing();
  const auto transport = connect(create, server.url());
  CHECK(message_of(transport->send({}, sink, {})) == "success");
  CHECK(sink.bytes() == kPieces * piece.size());
  CHECK(sink.largest_piece() <= piece.size());
}

// The peer cannot get rid of more than the socket buffers hold while the sink is busy.
void slow_sink_holds_the_sender_back(const Factory& create) {
  constexpr std::size_t kTotal = 256UL * 1024 * 1024;
  const std::string piece(64 * 1024, 'x');
  std::atomic<std::size_t> written{0};
  Gate stuck;
  RawServer server([&](RawConnection& connection) {
    timeval soon{0, 300'000};
    ::setsockopt(connection.descriptor(), SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
    connection.read_head();
    connection.write(fakes::kChunkedHead);
    while (written < kTotal && connection.write_chunk(piece)) written += piece.size();
    stuck.open();
  });
  WatchedSink sink([&stuck](std::string_view) {
    stuck.wait();
    return Error{ErrorCode::kTooLarge, "enough"};
  });
  const auto transport = connect(create, server.url());
  CHECK(message_of(transport->send({}, sink, {})) == "enough");
  CHECK(written < kTotal / 4);
}

// As many at once as the backend has threads for all peers.
void refusing_sinks_hinder_nobody(const Factory& create) {
  constexpr int kSinks = 2;
  RawServer server([](RawConnection& connection) {
    const bool short_one = connection.read_head().find("/short") != std::string::npos;
    if (short_one) {
      connection.write(fakes::plain_answer("there"));
    } else {
      connection.write(fakes::kChunkedHead);
      connection.write_chunk("an event that ends the watch");
    }
    connection.wait_until_closed();
  });
  std::atomic<int> refusing{0};
  Gate together;
  const auto refuse = [&](std::string_view) {
    if (++refusing == kSinks) together.open();
    together.wait();
    return Error{ErrorCode::kUnavailable, "refused"};
  };
  WatchedSink first(refuse);
  WatchedSink second(refuse);
  const auto transport = connect(create, server.url());
  {
    Sending one(*transport, first);
    Sending other(*transport, second);
    CHECK(message_of(one.outcome().result) == "refused");
    CHECK(message_of(other.outcome().result) == "refused");
  }
  Request request;
  request.target = "/short";
  WatchedSink sink;
  CHECK(message_of(transport->send(request, sink, {})) == "success");
  CHECK(sink.body() == "there");
}

}  // namespace

void bodies(const Factory& create) {
  SECTION("bytes reach the sink before the body ends") {
    streams_before_the_end(create);
  }
  SECTION("64 MiB in chunks") {
    carries_big_bodies(create);
  }
  SECTION("a slow sink holds the sender back") {
    slow_sink_holds_the_sender_back(create);
  }
  SECTION("sinks that refuse at the same time hinder nobody") {
    refusing_sinks_hinder_nobody(create);
  }
  SECTION("Content-Length") {
    const std::string body(100'000, 'y');
    const auto fetched = fetch(create, answering(fakes::plain_answer(body)));
    CHECK(message_of(fetched.result) == "success");
    CHECK(fetched.body == body);
    CHECK(fetched.head.status == 200);
    CHECK(fetched.head.media_type() == "text/plain");
  }
  SECTION("until the connection ends") {
    const auto fetched = fetch(create, [](RawConnection& connection) {
      connection.read_head();
      connection.write("HTTP/1.0 200 OK\r\n\r\nall of it");
    });
    CHECK(message_of(fetched.result) == "success");
    CHECK(fetched.body == "all of it");
  }
  SECTION("no body") {
    const int status = GENERATE(204, 304);
    const auto fetched =
        fetch(create, answering("HTTP/1.1 " + std::to_string(status) + " X\r\n\r\n"));
    CHECK(message_of(fetched.result) == "success");
    CHECK(fetched.head.status == status);
    CHECK(fetched.body.empty());
  }
  SECTION("a HEAD's Content-Length announces nothing") {
    Request request;
    request.method = Method::kHead;
    const auto fetched =
        fetch(create, answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"), request);
    CHECK(message_of(fetched.result) == "success");
    CHECK(fetched.body.empty());
  }
  SECTION("any status is a success, its body delivered") {
    const int status = GENERATE(400, 401, 403, 404, 410, 429, 500, 503);
    const auto fetched =
        fetch(create, answering("HTTP/1.1 " + std::to_string(status) +
                                " X\r\nRetry-After: 7\r\nContent-Length: 3\r\n\r\nwhy"));
    CHECK(message_of(fetched.result) == "success");
    CHECK(fetched.head.status == status);
    REQUIRE(fetched.head.headers.find("retry-after") != nullptr);
    CHECK(*fetched.head.headers.find("retry-after") == "7");
    CHECK(fetched.body == "why");
  }
}

}  // namespace lookout::http::conformance
