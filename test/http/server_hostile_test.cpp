// Requests that are made to confuse: each is refused with its status, alone and over the wire,
// where the connection ends with it and what comes behind is no request.
#include <catch2/catch.hpp>

#include <atomic>
#include <string>

#include "src/http/server_reader.hpp"
#include "test/http/server_fixture.hpp"

using namespace lookout;
using namespace lookout::http;

namespace {

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

int status_of(const std::optional<Verdict>& verdict) {
  if (!verdict) return 0;
  const auto* const refusal = std::get_if<Refusal>(&*verdict);
  return refusal == nullptr ? 200 : refusal->status;
}

// What the reader says, which must not depend on how the bytes are cut.
int read_in_pieces(std::string_view bytes, std::size_t step) {
  RequestReader reader({});
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    reader.append(bytes.substr(at, step));
    if (const auto verdict = reader.next()) return status_of(verdict);
  }
  return 0;
}

void check_refused(const std::string& bytes, int status) {
  INFO(bytes);
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
    CHECK(read_in_pieces(bytes, step) == status);
  }
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  std::atomic<int> handled = 0;
  const auto server = start_server(wire, [&handled](const ServerRequest&) {
    ++handled;
    return ServerResponse();
  });
  RawClient client(server->addresses().at(0), wire);
  client.send(bytes + get("/smuggled"));
  const Answer answer = client.read_answer();
  CHECK(answer.status == status);
  CHECK(answer.header("Connection") == "close");
  CHECK(answer.header("Allow") == (status == 405 ? "GET, HEAD" : ""));
  CHECK(client.read_to_end().empty());
  CHECK(server->stats().bad_requests.value() == 1);
  CHECK(handled == 0);
}

}  // namespace

TEST_CASE("hostile protocol: what is not HTTP/1.0 or 1.1", "[http]") {
  check_refused(GENERATE(values<std::string>({
                    "GET /\r\n",
                    "GET / HTTP/0.9\r\n\r\n",
                    "GET / HTTP/2.0\r\n\r\n",
                    "GET / HTTP/1.2\r\n\r\n",
                    "GET / http/1.1\r\n\r\n",
                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                    "\x16\x03\x01\x02\x01\x01\xfc",
                    "\r\n",
                    "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET / HTTP/1.1\nHost: x\n\n",
                })),
                400);
}

TEST_CASE("hostile fields: line folding, controls, NUL and what is no field", "[http]") {
  check_refused("GET / HTTP/1.1\r\n" + GENERATE(values<std::string>({
                                           "Host: x\r\nno colon\r\n\r\n",
                                           "Host : x\r\n\r\n",
                                           " Host: x\r\n\r\n",
                                           "Host: x\r\n: y\r\n\r\n",
                                           "Host: x\r\nA: b\x01\r\n\r\n",
                                           "Host: x\r\nA: b\x7f\r\n\r\n",
                                           std::string("Host: x\r\nA: \0b\r\n\r\n", 18),
                                           std::string("Host: x\r\nA\0: b\r\n\r\n", 18),
                                           "Host: x\r\nA\x80: b\r\n\r\n",
                                       })),
                400);
}

TEST_CASE("hostile smuggling: two lengths, a length and a coding, or a coding of no kind",
          "[http]") {
  check_refused(get("/", GENERATE(values<std::string>({
                             "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                             "transfer-encoding: chunked\r\nCONTENT-LENGTH: 0\r\n",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: xchunked\r\n",
                             "Transfer-Encoding: identity\r\n",
                             "Transfer-Encoding: chunked, identity\r\n",
                             "Transfer-Encoding: \"chunked\"\r\n",
                             "Transfer-Encoding: identity\r\nContent-Length: 3\r\n",
                             "Content-Length: 3\r\nContent-Length: 4\r\n",
                             "Content-Length: 3\r\nContent-Length: 3\r\n",
                             "Content-Length: 0\r\nContent-Length: 0\r\n",
                             "Content-Length: +3\r\n",
                             "Content-Length: -1\r\n",
                             "Content-Length: 0x3\r\n",
                             "Content-Length: 99999999999999999999\r\n",
                         }))),
                400);
}

TEST_CASE("hostile smuggling: a coding in HTTP/1.0", "[http]") {
  check_refused("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
}

TEST_CASE("hostile folding: a length that goes on in the next line is no second length", "[http]") {
  // Obsolete line folding: refused, or read as one value with a space, never as a new field.
  const std::string folded = get("/", "A: b\r\n Content-Length: 3\r\n");
  RequestReader reader({});
  reader.append(folded + "abc");
  const auto verdict = reader.next();
  REQUIRE(verdict);
  if (status_of(verdict) == 200) {
    CHECK(std::get<Accepted>(*verdict).request.headers.find("Content-Length") == nullptr);
  } else {
    CHECK(status_of(verdict) == 400);
  }
  CHECK(read_in_pieces(get("/", "Transfer-Encoding:\r\n chunked\r\nContent-Length: 3\r\n"), 5) ==
        400);
}

TEST_CASE("hostile methods: all but GET and HEAD", "[http]") {
  check_refused(GENERATE(values<std::string>({
                    "POST / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "PUT / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "DELETE / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                    "CONNECT h:1 HTTP/1.1\r\nHost: x\r\n\r\n",
                    "get / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GETX / HTTP/1.1\r\nHost: x\r\n\r\n",
                })),
                405);
}

TEST_CASE("hostile body: a GET with one, chunked well or badly", "[http]") {
  check_refused(GENERATE(values<std::string>({
                    get("/", "Content-Length: 3\r\n") + "abc",
                    get("/", "Content-Length: 3\r\nExpect: 100-continue\r\n"),
                    get("/", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n",
                    get("/", "Transfer-Encoding: chunked\r\n") + "zz\r\nnonsense\r\n",
                    get("/", "Transfer-Encoding: chunked\r\n") + "ffffffffffffffff\r\n",
                    get("/", "Content-Length: 18446744073709551615\r\n"),
                    get("/", "Content-Length: 3, 3\r\n"),  // RFC 9110 8.6: one length
                })),
                413);
}

TEST_CASE("hostile target: dots, escapes and other forms", "[http]") {
  check_refused(get(GENERATE(values<std::string>({
                    "/../x",
                    "/%2e%2e/x",
                    "/a/..%2f..%2fetc/passwd",
                    "/%00",
                    "/%0d%0aX:%20y",
                    "*",
                    "host:1",
                    "http://x/../y",
                    "file:///etc/passwd",
                    "/\x80",
                }))),
                400);
}

TEST_CASE("hostile target: one that is too long", "[http]") {
  check_refused(get("/" + std::string(4096, 'a')), 414);
}

TEST_CASE("hostile header: one that is too long, or has too many fields", "[http]") {
  std::string many;
  for (int i = 0; i < 101; ++i) many += "A: b\r\n";
  check_refused(
      GENERATE_COPY(get("/", "A: " + std::string(16 * 1024, 'a') + "\r\n"), get("/", many)), 431);
}

TEST_CASE("hostile host: none, two, and none of the answer's making", "[http]") {
  SECTION("none") {
    check_refused("GET / HTTP/1.1\r\n\r\n", 400);
  }
  SECTION("two") {
    check_refused(get("/", "Host: y\r\n"), 400);
  }
  SECTION("absolute form: the path alone counts, and no name is repeated") {
    const auto server = start_server(Wire::kPlain, [](const ServerRequest& request) {
      ServerResponse response;
      response.body = BodyChain(request.path);
      return response;
    });
    RawClient client(server->addresses().at(0));
    client.send("GET http://evil.example/a HTTP/1.1\r\nHost: other.example\r\n" +
                std::string("Origin: http://evil.example\r\nConnection: close\r\n\r\n"));
    const std::string whole = client.read_to_end();
    CHECK(whole.find("\r\n\r\n/a") != std::string::npos);
    CHECK(whole.find("example") == std::string::npos);
    CHECK(whole.find("Access-Control") == std::string::npos);
  }
}
