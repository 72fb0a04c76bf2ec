#include <catch2/catch.hpp>

#include "test/http/conformance_parts.hpp"

namespace lookout::http::conformance {
namespace {

using fakes::RawConnection;
using fakes::RawServer;

// The space after a field's colon is each backend's taste.
std::string without_field_spaces(std::string head) {
  for (std::size_t at = 0; (at = head.find(": ", at)) != std::string::npos;) head.erase(at + 1, 1);
  return head;
}

// What one request looked like on the wire, its body included.
std::string wire_text(const Factory& create, const Request& request) {
  std::promise<std::string> seen;
  RawServer server([&](RawConnection& connection) {
    const std::string head = connection.read_head();
    seen.set_value(without_field_spaces(head) + connection.read_exactly(request.body.size()));
    connection.write(fakes::plain_answer("ok"));
  });
  WatchedSink sink;
  const auto transport = connect(create, server.url());
  CHECK(message_of(transport->send(request, sink, {})) == "success");
  return seen.get_future().get();
}

bool refuses(const Factory& create, const Request& request) {
  RawServer server([](RawConnection& connection) { connection.wait_until_closed(); });
  WatchedSink sink;
  const auto result = connect(create, server.url())->send(request, sink, {});
  return !result && result.error().code == ErrorCode::kInvalid && server.connections() == 0;
}

}  // namespace

void requests(const Factory& create) {
  using Catch::Matchers::Contains;
  using Catch::Matchers::EndsWith;
  using Catch::Matchers::StartsWith;

  SECTION("the target is sent as given") {
    const std::string target = "/api/v1/secrets?labelSelector=owner%3Dhelm%2Cstatus%21%3D%20x&b=";
    Request request;
    request.target = target;
    CHECK_THAT(wire_text(create, request), StartsWith("GET " + target + " HTTP/1.1\r\n"));
  }
  SECTION("headers are sent, and none that ask for compression") {
    Request request;
    request.headers = {{"Authorization", "Bearer abc"}, {"Accept", "a/b;as=c, d/e"}};
    const std::string wire = wire_text(create, request);
    CHECK_THAT(wire, Contains("Authorization:Bearer abc\r\n"));
    CHECK_THAT(wire, Contains("Accept:a/b;as=c, d/e\r\n"));
    CHECK_THAT(wire, Contains("Host:127.0.0.1:"));
    CHECK_THAT(wire, !Contains("Accept-Encoding", Catch::CaseSensitive::No));
  }
  SECTION("repeated fields stay apart") {
    Request request;
    request.headers = {{"Impersonate-Group", "a"}, {"X", "1"}, {"Impersonate-Group", "b, c"}};
    const std::string wire = wire_text(create, request);
    CHECK_THAT(wire, Contains("\r\nImpersonate-Group:a\r\n"));
    CHECK_THAT(wire, Contains("\r\nImpersonate-Group:b, c\r\n"));
    CHECK_THAT(wire, Contains("\r\nX:1\r\n"));
  }
  SECTION("POST and PUT carry their body and type") {
    Request request;
    request.method = GENERATE(Method::kPost, Method::kPut);
    request.headers = {{"Content-Type", "application/json"}};
    request.body = R"({"a":1})";
    const std::string wire = wire_text(create, request);
    CHECK_THAT(wire, StartsWith(std::string(method_name(request.method)) + " / HTTP/1.1\r\n"));
    CHECK_THAT(wire, Contains("Content-Type:application/json\r\n"));
    CHECK_THAT(wire, Contains("Content-Length:7\r\n"));
    CHECK_THAT(wire, EndsWith("\r\n\r\n{\"a\":1}"));
  }
  SECTION("a HEAD expects no body") {
    Request request;
    request.method = Method::kHead;
    CHECK_THAT(wire_text(create, request), StartsWith("HEAD / HTTP/1.1\r\n"));
  }
  SECTION("what would be a second request is refused") {
    const std::string target =
        GENERATE("/a\r\nX: y", "//evil.example/", "http://evil.example/", "relative", "");
    Request request;
    request.target = target;
    CHECK(refuses(create, request));
  }
  SECTION("a line break in a header is refused") {
    Request request;
    request.headers = {{"Authorization", "Bearer abc\r\nX-Injected: 1"}};
    CHECK(refuses(create, request));
  }
}

}  // namespace lookout::http::conformance
