#include <catch2/catch.hpp>

#include "test/fakes/scripted_resolver.hpp"
#include "test/http/conformance_parts.hpp"

namespace lookout::http::conformance {
namespace {

using Catch::Matchers::StartsWith;
using fakes::RawConnection;
using fakes::RawServer;

void fails_with(const Factory& create, const RawServer::Script& script,
                const std::string& beginning) {
  RawServer server(script);
  WatchedSink sink;
  const auto result = connect(create, server.url())->send({}, sink, {});
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == ErrorCode::kUnavailable);
  CHECK_THAT(result.error().message, StartsWith(beginning));
}

std::uint16_t unused_port() {
  return RawServer([](RawConnection&) {}).port();
}

void redirects_are_not_followed(const Factory& create) {
  RawServer elsewhere([](RawConnection& connection) { connection.wait_until_closed(); });
  RawServer server([&elsewhere](RawConnection& connection) {
    connection.read_head();
    connection.write("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url() +
                     "/\r\nContent-Length: 0\r\n\r\n");
  });
  WatchedSink sink;
  Request request;
  request.headers = {{"Authorization", "Bearer secret"}};
  CHECK(message_of(connect(create, server.url())->send(request, sink, {})) == "success");
  CHECK(sink.head().status == 302);
  CHECK(elsewhere.connections() == 0);
}

void sink_errors_come_back(const Factory& create) {
  RawServer server([](RawConnection& connection) {
    connection.read_head();
    connection.write(fakes::kChunkedHead);
    while (connection.write_chunk("more")) {
    }
  });
  const auto transport = connect(create, server.url());
  const Error refusal{ErrorCode::kMalformed, "not what it claims"};
  SECTION("of the body") {
    WatchedSink sink([&refusal](std::string_view) { return refusal; });
    const auto result = transport->send({}, sink, {});
    REQUIRE_FALSE(result.ok());
    CHECK(result.error() == refusal);
    CHECK(sink.calls() == 2);
  }
  SECTION("of the head") {
    WatchedSink sink;
    sink.refuse_head(refusal);
    const auto result = transport->send({}, sink, {});
    REQUIRE_FALSE(result.ok());
    CHECK(result.error() == refusal);
    CHECK(sink.calls() == 1);
  }
}

void broken_answers(const Factory& create) {
  SECTION("closed before the head") {
    fails_with(
        create, [](RawConnection& c) { c.read_head(); }, "headers: ");
  }
  SECTION("closed within the head") {
    fails_with(
        create,
        [](RawConnection& c) {
          c.read_head();
          c.write("HTTP/1.1 200 OK\r\nContent-Le");
        },
        "headers: ");
  }
  SECTION("not HTTP") {
    fails_with(
        create,
        [](RawConnection& c) {
          c.read_head();
          c.write("SSH-2.0-OpenSSH_9.2\r\n\r\n");
        },
        "headers: ");
  }
  SECTION("Content-Length cut short") {
    fails_with(
        create,
        [](RawConnection& c) {
          c.read_head();
          c.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        },
        "body: ");
  }
  SECTION("chunked body without its end") {
    const std::string last = GENERATE("", "5\r\nfir", "zz\r\nfirst\r\n", "0\r\n");
    fails_with(
        create,
        [last](RawConnection& c) {
          c.read_head();
          c.write(fakes::kChunkedHead);
          c.write_chunk("first");
          c.write(last);
        },
        "body: ");
  }
  SECTION("reset in the body") {
    fails_with(
        create,
        [](RawConnection& c) {
          c.read_head();
          c.write(fakes::kChunkedHead);
          c.write_chunk("first");
          c.reset();
        },
        "body: ");
  }
}

}  // namespace

void failures(const Factory& create) {
  SECTION("nobody listens") {
    WatchedSink sink;
    const auto transport = connect(create, "http://127.0.0.1:" + std::to_string(unused_port()));
    const auto result = transport->send({}, sink, {});
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().code == ErrorCode::kUnavailable);
    CHECK_THAT(result.error().message, StartsWith("connect: "));
  }
  SECTION("the name does not resolve") {
    WatchedSink sink;
    const auto transport = connect(create, "http://" + std::string(fakes::kUnknownName));
    CHECK_THAT(message_of(transport->send({}, sink, {})),
               StartsWith("resolve: unknown.test: "));
  }
  SECTION("broken answers") {
    broken_answers(create);
  }
  SECTION("redirects are answers") {
    redirects_are_not_followed(create);
  }
  SECTION("errors of the sink come back as they are") {
    sink_errors_come_back(create);
  }
}

}  // namespace lookout::http::conformance
