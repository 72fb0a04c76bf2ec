#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <vector>

#include "lookout/http/server.hpp"

#include "test/http/server_fixture.hpp"

using namespace lookout;
using namespace lookout::http;
using namespace std::chrono_literals;

namespace {

ServerResponse answer_ok(const ServerRequest&) {
  ServerResponse response;
  response.body = BodyChain("ok");
  return response;
}

std::unique_ptr<Server> start(Wire wire, ServerLimits limits, Handler handler = answer_ok) {
  return start_server(wire, std::move(handler), {.limits = limits});
}

std::string get(const std::string& fields = "") {
  return "GET / HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

// More than the socket buffers of both sides hold.
constexpr std::size_t kBigBytes = std::size_t{16} * 1024 * 1024;
Handler answer_big(std::size_t bytes) {
  const auto piece = std::make_shared<const std::string>(1024 * 1024, 'x');
  BodyChain chain;
  while (chain.size_bytes() < bytes) chain.append(piece);
  return [chain](const ServerRequest& request) {
    ServerResponse response = answer_ok(request);
    if (request.path == "/big") response.body = chain;
    return response;
  };
}

}  // namespace

TEST_CASE("server limits: the defaults are those that are documented") {
  const ServerLimits limits;
  CHECK(limits.header_bytes_max == 16 * 1024);
  CHECK(limits.header_fields_max == 100);
  CHECK(limits.connections_max == 256);
  CHECK(limits.read_header_timeout == 5s);
  CHECK(limits.write_timeout == 60s);
  CHECK(limits.idle_timeout == 300s);
}

TEST_CASE("hostile body: the answer to a large one is not lost to a reset", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  const auto server = start(wire, {});
  RawClient client(server->addresses().at(0), wire);
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n");
  client.send(std::string(900'000, 'b'));
  client.end_sending();
  CHECK(client.read_answer().status == 405);
}

TEST_CASE("hostile slowloris: a header that trickles is cut off", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  ServerLimits limits;
  limits.read_header_timeout = 100ms;
  const auto server = start(wire, limits);
  RawClient client(server->addresses().at(0), wire);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n");
  CHECK(client.read_answer().status == 408);
  CHECK(client.was_closed());
  CHECK(server->stats().timeouts.value() == 1);
}

TEST_CASE("hostile slowloris: bytes that keep coming do not move the header's deadline", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  ServerLimits limits;
  limits.read_header_timeout = 200ms;
  const auto server = start(wire, limits);
  RawClient client(server->addresses().at(0), wire);
  client.send("GET / HTTP/1.1\r\n");
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (server->stats().timeouts.value() == 0 && std::chrono::steady_clock::now() < end) {
    if (!client.send("A: b\r\n")) break;
    // Stay under the header's own limit while the deadline approaches.
    fetch(server->addresses().at(0), "/", wire);
  }
  CHECK(server->stats().timeouts.value() == 1);
}

TEST_CASE("hostile silence: a connection that says nothing is closed", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  ServerLimits limits;
  limits.read_header_timeout = 50ms;
  const auto server = start(wire, limits);
  RawClient client(server->addresses().at(0), wire);
  CHECK(client.was_closed());
}

TEST_CASE("hostile silence: an idle connection is closed after the idle time-out", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  ServerLimits limits;
  limits.idle_timeout = 50ms;
  const auto server = start(wire, limits);
  RawClient client(server->addresses().at(0), wire);
  client.send(get());
  CHECK(client.read_answer().status == 200);
  CHECK(client.was_closed());
  CHECK(server->stats().timeouts.value() == 0);
}

TEST_CASE("server limits: a second header has the header's time, not the idle time", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  ServerLimits limits;
  limits.read_header_timeout = 50ms;
  const auto server = start(wire, limits);
  RawClient client(server->addresses().at(0), wire);
  client.send(get());
  CHECK(client.read_answer().status == 200);
  client.send("GET");
  CHECK(client.read_answer().status == 408);
}

TEST_CASE("hostile flood: the connection that idles longest makes room", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  ServerLimits limits;
  limits.connections_max = 2;
  const auto server = start(wire, limits);
  const std::string address = server->addresses().at(0);
  RawClient first(address, wire);
  RawClient second(address, wire);
  for (RawClient* client : {&second, &first, &second}) {
    client->send(get());
    CHECK(client->read_answer().status == 200);
  }
  CHECK(fetch(address, "/", wire).status == 200);
  CHECK(first.was_closed());
  second.send(get());
  CHECK(second.read_answer().status == 200);
  CHECK(server->stats().refused_connections.value() == 0);
}

TEST_CASE("hostile flood: who has not asked yet makes room", "[http]") {
  ServerLimits limits;
  limits.connections_max = 2;
  const auto server = start(Wire::kPlain, limits);
  const std::string address = server->addresses().at(0);
  RawClient first(address);
  RawClient second(address);
  first.send("GET ");
  second.send("GET ");
  CHECK(fetch(address, "/").status == 200);
  CHECK(first.was_closed());
  second.send("/ HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(second.read_answer().status == 200);
  CHECK(server->stats().refused_connections.value() == 0);
  CHECK(server->stats().timeouts.value() == 1);
}

TEST_CASE("hostile reader: who reads too slowly makes room", "[http]") {
  ServerLimits limits;
  limits.connections_max = 1;
  limits.slow_write_after = 0ms;
  const auto server = start(Wire::kPlain, limits, answer_big(kBigBytes));
  RawClient slow(server->addresses().at(0));
  slow.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(eventually([&] { return server->stats().requests.value() == 1; }));
  CHECK(fetch(server->addresses().at(0), "/").status == 200);
  CHECK(server->stats().timeouts.value() == 1);
}

TEST_CASE("hostile reader: slow ones do not hold a body each", "[http]") {
  ServerLimits limits;
  limits.held_bytes_max = 0;
  std::atomic<int> bodies = 0;
  // A body of its own for each request, as snapshots are while everything changes.
  const auto server = start(Wire::kPlain, limits, [&](const ServerRequest& request) {
    auto counted = std::shared_ptr<const std::string>(new std::string(kBigBytes, 'x'),
                                                      [&](const std::string* body) {
                                                        --bodies;
                                                        delete body;
                                                      });
    ++bodies;
    ServerResponse response = answer_ok(request);
    response.body = BodyChain();
    response.body.append(std::move(counted));
    return response;
  });
  std::vector<std::unique_ptr<RawClient>> readers;
  for (std::uint64_t i = 1; i <= 12; ++i) {
    readers.push_back(std::make_unique<RawClient>(server->addresses().at(0)));
    readers.back()->send(get());
    REQUIRE(eventually([&] { return server->stats().requests.value() == i; }));
  }
  CHECK(eventually(
      [&] { return server->stats().timeouts.value() == 12 - ServerLimits::kHeldBodies; }));
  CHECK(eventually([&] { return bodies == static_cast<int>(ServerLimits::kHeldBodies); }));
}

TEST_CASE("hostile reader: one body for many readers is held once", "[http]") {
  ServerLimits limits;
  limits.held_bytes_max = 0;
  const auto server = start(Wire::kPlain, limits, answer_big(kBigBytes));
  std::vector<std::unique_ptr<RawClient>> readers;
  for (std::uint64_t i = 1; i <= 12; ++i) {
    readers.push_back(std::make_unique<RawClient>(server->addresses().at(0)));
    readers.back()->send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(eventually([&] { return server->stats().requests.value() == i; }));
  }
  CHECK(server->stats().timeouts.value() == 0);
}

TEST_CASE("hostile flood: connections over the limit get a 503", "[http]") {
  ServerLimits limits;
  limits.connections_max = 2;
  std::promise<void> asked_twice;
  std::vector<Decide> undecided;
  const Gate gate = [&](const ServerRequest&, Decide decide) {
    undecided.push_back(std::move(decide));
    if (undecided.size() == 2) asked_twice.set_value();
  };
  const auto server = start_server(Wire::kPlain, answer_ok, {.limits = limits, .gate = gate});
  const std::string address = server->addresses().at(0);
  RawClient first(address);
  RawClient second(address);
  for (RawClient* client : {&first, &second}) client->send(get());
  REQUIRE(asked_twice.get_future().wait_for(10s) == std::future_status::ready);
  RawClient third(address);
  third.send(get());
  const Answer refused = third.read_answer();
  CHECK(refused.status == 503);
  CHECK(refused.header("Connection") == "close");
  CHECK(third.was_closed());
  CHECK(server->stats().refused_connections.value() == 1);

  for (const Decide& decide : undecided) decide(std::nullopt);
  CHECK(first.read_answer().status == 200);
  CHECK(second.read_answer().status == 200);
}

TEST_CASE("hostile reader: a slow one does not hold up others", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  const auto server = start(wire, {}, answer_big(64 * 1024 * 1024));
  const std::string address = server->addresses().at(0);
  RawClient slow(address, wire, RawClient::Buffer::kSmall);
  slow.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < 20; ++i) CHECK(fetch(address, "/", wire).body == "ok");
}

TEST_CASE("hostile reader: one that never reads is cut off", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  ServerLimits limits;
  limits.write_timeout = 100ms;
  const auto server = start(wire, limits, answer_big(64 * 1024 * 1024));
  RawClient client(server->addresses().at(0), wire, RawClient::Buffer::kSmall);
  client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (server->stats().timeouts.value() == 0 && std::chrono::steady_clock::now() < end) {
    fetch(server->addresses().at(0), "/", wire);
  }
  CHECK(server->stats().timeouts.value() == 1);
  CHECK(client.read_answer().status == 0);
}
