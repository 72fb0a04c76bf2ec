#include <catch2/catch.hpp>

#include "test/http/conformance_parts.hpp"

namespace lookout::http::conformance {
namespace {

using Catch::Matchers::StartsWith;
using fakes::RawConnection;
using fakes::RawServer;
using std::chrono::milliseconds;

constexpr milliseconds kShort{100};
constexpr milliseconds kOverASecond{1300};

Request with_time_outs(milliseconds header, milliseconds idle) {
  Request request;
  request.header_timeout = header;
  request.idle_timeout = idle;
  return request;
}

void check_timed_out(const Factory& create, const RawServer& server, const Request& request,
                     const std::string& beginning) {
  WatchedSink sink;
  const auto transport = connect(create, server.url());
  Sending sending(*transport, sink, request);
  const Outcome outcome = sending.outcome();
  REQUIRE_FALSE(outcome.result.ok());
  CHECK(outcome.result.error().code == ErrorCode::kUnavailable);
  CHECK_THAT(outcome.result.error().message, StartsWith(beginning));
}

}  // namespace

void time_outs(const Factory& create) {
  SECTION("no header in time") {
    const RawServer server([](RawConnection& connection) {
      connection.read_head();
      connection.write("HTTP/1.1 200 OK\r\n");
      connection.wait_until_closed();
    });
    check_timed_out(create, server, with_time_outs(kShort, kGuard), "headers: timed out");
  }
  SECTION("a silent body") {
    const milliseconds longest = GENERATE(kShort, kOverASecond);
    const RawServer server([](RawConnection& connection) {
      connection.read_head();
      connection.write(fakes::kChunkedHead);
      connection.write_chunk("first");
      connection.wait_until_closed();
    });
    check_timed_out(create, server, with_time_outs(kGuard, longest), "body: timed out");
  }
  SECTION("a body that never begins") {
    const RawServer server([](RawConnection& connection) {
      connection.read_head();
      connection.write(fakes::kChunkedHead);
      connection.wait_until_closed();
    });
    check_timed_out(create, server, with_time_outs(kGuard, kShort), "body: timed out");
  }
  SECTION("a body may take longer than both time-outs") {
    Gate go_on[3];
    RawServer server([&go_on](RawConnection& connection) {
      connection.read_head();
      connection.write(fakes::kChunkedHead);
      for (Gate& gate : go_on) {
        connection.write_chunk("tick");
        gate.wait();
      }
      connection.write(fakes::kLastChunk);
    });
    WatchedSink sink;
    const auto transport = connect(create, server.url());
    constexpr milliseconds kPeriod{1500};
    Sending sending(*transport, sink, with_time_outs(kPeriod, kPeriod));
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(sink.wait_for_bytes(4 * (i + 1)));
      Gate never;
      CHECK_FALSE(never.wait_for(kPeriod * 2 / 5));
      go_on[i].open();
    }
    CHECK(message_of(sending.outcome().result) == "success");
  }
  SECTION("a busy sink is no silence") {
    RawServer server([](RawConnection& connection) {
      connection.read_head();
      connection.write(fakes::kChunkedHead);
      connection.write_chunk("first");
      connection.write(fakes::kLastChunk);
      connection.wait_until_closed();
    });
    static constexpr milliseconds kIdle{500};
    Gate never;
    WatchedSink sink([&never](std::string_view) {
      never.wait_for(kIdle * 2);
      return Result<void>();
    });
    const auto transport = connect(create, server.url());
    CHECK(message_of(transport->send(with_time_outs(kGuard, kIdle), sink, {})) == "success");
  }
}

}  // namespace lookout::http::conformance
