#include "lookout/http/server.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <stdexcept>

#include "test/http/server_fixture.hpp"

using namespace lookout;
using namespace lookout::http;

namespace {

ServerResponse echo_path(const ServerRequest& request) {
  ServerResponse response;
  response.headers.add("X-Query", request.query);
  response.body = BodyChain(request.path);
  return response;
}

std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

}  // namespace

TEST_CASE("server: answers a GET and keeps the connection", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  const auto server = start_server(wire, echo_path);
  RawClient client(server->addresses().at(0), wire);
  for (const char* path : {"/one", "/two"}) {
    client.send(get(std::string(path) + "?q"));
    const Answer answer = client.read_answer();
    CHECK(answer.status == 200);
    CHECK(answer.version == "HTTP/1.1");
    CHECK(answer.body == path);
    CHECK(answer.header("X-Query") == "q");
    CHECK(answer.header("Date").size() == 29);
    CHECK(answer.headers.find("Server") == nullptr);
    CHECK(answer.headers.find("Connection") == nullptr);
  }
  CHECK(server->stats().requests.value() == 2);
}

TEST_CASE("server: HEAD has the length of the body and no body", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  const auto server = start_server(wire, echo_path);
  RawClient client(server->addresses().at(0), wire);
  client.send("HEAD /seven7 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const Answer answer = client.read_answer(RawClient::After::kHead);
  CHECK(answer.status == 200);
  CHECK(answer.header("Content-Length") == "7");
  CHECK(client.read_to_end().empty());
}

TEST_CASE("server: pipelined requests are answered in order", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  const auto server = start_server(wire, echo_path);
  RawClient client(server->addresses().at(0), wire);
  std::string all;
  for (int i = 0; i < 50; ++i) all += get("/" + std::to_string(i));
  client.send(all);
  for (int i = 0; i < 50; ++i) CHECK(client.read_answer().body == "/" + std::to_string(i));
}

TEST_CASE("server: a client that ends its side still gets its answer", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  const auto server = start_server(wire, echo_path);
  RawClient client(server->addresses().at(0), wire);
  client.send(get("/half"));
  client.end_sending();
  CHECK(client.read_answer().body == "/half");
  CHECK(client.was_closed());
}

TEST_CASE("server: HTTP/1.0 ends the connection unless asked to keep it", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  const auto server = start_server(wire, echo_path);
  RawClient closing(server->addresses().at(0), wire);
  closing.send("GET /a HTTP/1.0\r\n\r\n");
  const std::string whole = closing.read_to_end();
  CHECK(whole.substr(0, 12) == "HTTP/1.0 200");
  CHECK(whole.substr(whole.size() - 6) == "\r\n\r\n/a");

  RawClient keeping(server->addresses().at(0), wire);
  for (int i = 0; i < 2; ++i) {
    keeping.send("GET /b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    const Answer answer = keeping.read_answer();
    CHECK(answer.body == "/b");
    CHECK(answer.header("Connection") == "keep-alive");
  }
}

TEST_CASE("server: a chain of many pieces arrives whole and in order", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  BodyChain chain;
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    chain.append(std::make_shared<const std::string>(180'000, static_cast<char>('a' + i % 26)));
    expected += *chain.pieces().back();
  }
  const auto server = start_server(wire, [&chain](const ServerRequest&) {
    ServerResponse response;
    response.body = chain;
    return response;
  });
  const Answer answer = fetch(server->addresses().at(0), "/", wire);
  REQUIRE(answer.body.size() == 36'000'000);
  CHECK(answer.body == expected);
}

TEST_CASE("server: a throwing handler is a 500 and nothing more", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  const auto server = start_server(wire, [](const ServerRequest& request) -> ServerResponse {
    if (request.path == "/throw") throw std::runtime_error("secret detail");
    return echo_path(request);
  });
  RawClient client(server->addresses().at(0), wire);
  client.send(get("/throw"));
  const Answer failed = client.read_answer();
  CHECK(failed.status == 500);
  CHECK(failed.body == "internal error\n");
  client.send(get("/fine"));
  CHECK(client.read_answer().body == "/fine");
}

TEST_CASE("server: a response that may not go out is a 500", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  const auto server = start_server(wire, [](const ServerRequest&) {
    ServerResponse response;
    response.headers.add("X-Chart", "a\r\nSet-Cookie: b");
    return response;
  });
  const Answer answer = fetch(server->addresses().at(0), "/", wire);
  CHECK(answer.status == 500);
  CHECK(answer.headers.find("Set-Cookie") == nullptr);
}

TEST_CASE("server: :PORT listens on IPv6 and IPv4", "[http]") {
  const auto server = Server::create("test-server", {":0"}, echo_path);
  REQUIRE(server.ok());
  const std::string address = (*server)->addresses().at(0);
  const std::string port = address.substr(address.rfind(':'));
  CHECK(fetch("127.0.0.1" + port, "/four").body == "/four");
  if (address.front() == '[') CHECK(fetch("[::1]" + port, "/six").body == "/six");
}

TEST_CASE("server: several addresses, one handler", "[http]") {
  const auto server = Server::create("test-server", {"127.0.0.1:0", "localhost:0"}, echo_path);
  REQUIRE(server.ok());
  const auto addresses = (*server)->addresses();
  REQUIRE(addresses.size() == 2);
  CHECK(addresses[0] != addresses[1]);
  for (const auto& address : addresses) CHECK(fetch(address, "/x").body == "/x");
}

TEST_CASE("server: a port in use is an error that names the address", "[http]") {
  const auto server = start_server(Wire::kPlain, echo_path);
  const std::string taken = server->addresses().at(0);
  const auto second = Server::create("test-server", {"127.0.0.1:0", taken}, echo_path);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().code == ErrorCode::kUnavailable);
  CHECK(second.error().message == "listen " + taken + ": Address already in use");
}

TEST_CASE("server: a bad address is invalid", "[http]") {
  const auto server = Server::create("test-server", {"no-port"}, echo_path);
  REQUIRE_FALSE(server.ok());
  CHECK(server.error().code == ErrorCode::kInvalid);
}

TEST_CASE("server: the port is free again after stop", "[http]") {
  auto server = start_server(Wire::kPlain, echo_path);
  const std::string address = server->addresses().at(0);
  CHECK(fetch(address, "/").status == 200);
  server.reset();
  const auto again = Server::create("test-server", {address}, echo_path);
  REQUIRE(again.ok());
  CHECK(fetch(address, "/").status == 200);
}
