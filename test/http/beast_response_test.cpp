#include "src/http/beast_response.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "test/http/conformance_parts.hpp"

namespace lookout::http {
namespace {

using Catch::Matchers::StartsWith;
using conformance::message_of;
using conformance::WatchedSink;

constexpr std::size_t kHeaderMax = 4096;

struct Read {
  std::string outcome;  // "done", "more", or the error
  ResponseHead head;
  std::string body;
  std::string left;  // of the bytes
};

std::string outcome_of(const ResponseReader& reader) {
  return reader.done() ? "done" : "more";
}

// Feeds `bytes` in pieces of `step`, as a connection would: what is not taken comes again.
Read read(std::string_view bytes, std::size_t step, Method method = Method::kGet) {
  WatchedSink sink;
  ResponseReader reader(sink, method, kHeaderMax);
  std::string held;
  Read result;
  while (!bytes.empty() && !reader.done()) {
    held += bytes.substr(0, step);
    bytes.remove_prefix(std::min(step, bytes.size()));
    const auto used = reader.feed(held);
    if (!used) return {used.error().message, sink.head(), sink.body(), ""};
    held.erase(0, *used);
  }
  return {outcome_of(reader), sink.head(), sink.body(), held + std::string(bytes)};
}

std::string end_of(std::string_view bytes) {
  WatchedSink sink;
  ResponseReader reader(sink, Method::kGet, kHeaderMax);
  if (!bytes.empty() && !reader.feed(bytes)) return "refused";
  return message_of(reader.end());
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";

std::string many_fields(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "X-Field: value\r\n";
  return text;
}

}  // namespace

TEST_CASE("response: any split of the bytes reads the same") {
  const std::size_t step = GENERATE(1U, 2U, 3U, 5U, 7U, 64U, 10'000U);
  SECTION("Content-Length") {
    const Read got = read(kOk + "Content-Length: 5\r\nX: 1\r\n\r\nhello", step);
    CHECK(got.outcome == "done");
    CHECK(got.body == "hello");
    CHECK(got.head.status == 200);
    CHECK(*got.head.headers.find("x") == "1");
  }
  SECTION("chunks, an extension and a trailer") {
    const Read got = read(kOk +
                              "Transfer-Encoding: chunked\r\n\r\n"
                              "3;name=value\r\nabc\r\n1\r\nd\r\n0\r\nX-Late: 1\r\n\r\n",
                          step);
    CHECK(got.outcome == "done");
    CHECK(got.body == "abcd");
    CHECK(got.head.headers.find("X-Late") == nullptr);
  }
  SECTION("an empty chunked body") {
    const Read got = read(kOk + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", step);
    CHECK(got.outcome == "done");
    CHECK(got.body.empty());
  }
  SECTION("informational answers before the real one") {
    const Read got =
        read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + kOk +
                 "Content-Length: 2\r\n\r\nok",
             step);
    CHECK(got.outcome == "done");
    CHECK(got.head.status == 200);
    CHECK(got.head.headers.find("Link") == nullptr);
    CHECK(got.body == "ok");
  }
}

TEST_CASE("response: takes no more than its own bytes") {
  CHECK(read(kOk + "Content-Length: 2\r\n\r\nokHTTP", 1000).left == "HTTP");
  CHECK(read(kOk + "Content-Length: 9\r\n\r\nHTTP", 1000, Method::kHead).left == "HTTP");
  CHECK(read("HTTP/1.1 204 No Content\r\n\r\nHTTP", 1000).left == "HTTP");
}

TEST_CASE("response: what frames a body twice, wrongly or not at all is refused") {
  const std::string fields = GENERATE(
      "Content-Length: -1", "Content-Length: +5", "Content-Length: 0x5", "Content-Length: 5, 6",
      "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 99999999999999999999",
      "Content-Length:", "Content-Length: 5\r\nTransfer-Encoding: chunked",
      "Transfer-Encoding: chunked\r\nContent-Length: 5",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked");
  CAPTURE(fields);
  CHECK_THAT(read(kOk + fields + "\r\n\r\nhello", 1000).outcome, StartsWith("headers: "));
}

TEST_CASE("response: what is no HTTP/1 is refused") {
  const std::string bytes =
      GENERATE("<html>an answer of HTTP/0.9</html>\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
               "HTTP/2 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
               "HTTP/1.1 200 OK\nX: 1\n\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
               "HTTP/1.1 200 OK\r\nbad name: 1\r\n\r\n", "HTTP/1.1 099 Odd\r\n\r\n",
               "HTTP/1.1 101 Switching Protocols\r\n\r\n", "\x16\x03\x01\x02 TLS\r\n\r\n");
  CAPTURE(bytes);
  CHECK_THAT(read(bytes, 1000).outcome, StartsWith("headers: "));
}

TEST_CASE("response: headers are bounded however they come") {
  SECTION("in one piece") {
    CHECK_THAT(read(kOk + many_fields(1000), 100'000).outcome, StartsWith("headers: header limit"));
  }
  SECTION("field by field") {
    CHECK_THAT(read(kOk + many_fields(1000), 16).outcome, StartsWith("headers: header limit"));
    CHECK_THAT(read(kOk + many_fields(1000), 17).outcome, StartsWith("headers: header limit"));
  }
  SECTION("one long field") {
    const std::string field = "X: " + std::string(kHeaderMax, 'x');
    CHECK_THAT(read(kOk + field, 100).outcome, StartsWith("headers: header limit"));
  }
  SECTION("a long status line") {
    const std::string reason(kHeaderMax, 'x');
    CHECK_THAT(read("HTTP/1.1 200 " + reason, 100).outcome, StartsWith("headers: header limit"));
  }
  SECTION("informational answers without end") {
    std::string bytes;
    for (int i = 0; i <= kInformationalMax; ++i) bytes += "HTTP/1.1 100 Continue\r\n\r\n";
    CHECK_THAT(read(bytes, 1000).outcome, StartsWith("headers: too many"));
  }
}

TEST_CASE("response: broken chunks are refused") {
  const std::string chunks = GENERATE("zz\r\nabc\r\n", "-1\r\nabc\r\n", "3\r\nabcd\r\n0\r\n\r\n",
                                      "3 \r\nabc\r\n", "fffffffffffffffff\r\nabc\r\n",
                                      "0\r\nContent-Length: 3\r\n\r\n", "0\r\nno colon\r\n\r\n");
  CAPTURE(chunks);
  const std::string bytes = kOk + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
  CHECK_THAT(read(bytes, 1000).outcome, StartsWith("body: "));
  CHECK_THAT(read(bytes, 1).outcome, StartsWith("body: "));
}

TEST_CASE("response: may end with the connection only where it says so") {
  CHECK(end_of("HTTP/1.1 200 OK\r\n\r\nall of it") == "success");
  CHECK(end_of("HTTP/1.1 200 OK\r\n\r\n") == "success");
  CHECK_THAT(end_of(""), StartsWith("headers: peer closed"));
  CHECK_THAT(end_of("HTTP/1.1 200 OK\r\nX:"), StartsWith("headers: peer closed"));
  CHECK_THAT(end_of("HTTP/1.1 100 Continue\r\n\r\n"), StartsWith("headers: peer closed"));
  CHECK_THAT(end_of(kOk + "Content-Length: 5\r\n\r\nhell"), StartsWith("body: peer closed"));
  CHECK_THAT(end_of(kOk + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"),
             StartsWith("body: peer closed"));
}

TEST_CASE("response: the sink's refusal comes back as it is") {
  const Error refusal{ErrorCode::kTooLarge, "enough"};
  WatchedSink sink([&refusal](std::string_view) { return refusal; });
  ResponseReader reader(sink, Method::kGet, kHeaderMax);
  const auto used = reader.feed(kOk + "Content-Length: 5\r\n\r\nhello");
  REQUIRE_FALSE(used);
  CHECK(used.error() == refusal);
}

TEST_CASE("response: says whether the connection may go on") {
  const auto keeps = [](const std::string& bytes) {
    WatchedSink sink;
    ResponseReader reader(sink, Method::kGet, kHeaderMax);
    REQUIRE(reader.feed(bytes));
    REQUIRE(reader.done());
    return reader.keeps_alive();
  };
  CHECK(keeps(kOk + "Content-Length: 0\r\n\r\n"));
  CHECK_FALSE(keeps(kOk + "Connection: close\r\nContent-Length: 0\r\n\r\n"));
  CHECK_FALSE(keeps("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
}

}  // namespace lookout::http
