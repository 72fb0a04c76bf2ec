#include <catch2/catch.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "lookout/http/server.hpp"

#include "test/http/server_fixture.hpp"

using namespace lookout;
using namespace lookout::http;
using namespace std::chrono_literals;

namespace {

// More than the socket buffers of both sides hold.
constexpr std::size_t kBigBytes = 24 * 1024 * 1024;

class BigAnswer {
 public:
  ServerResponse operator()(const ServerRequest&) {
    const std::lock_guard lock(mutex_);
    asked_ = true;
    changed_.notify_all();
    ServerResponse response;
    static const auto piece = std::make_shared<const std::string>(kBigBytes, 'x');
    response.body.append(piece);
    return response;
  }

  bool was_asked() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [this] { return asked_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;
};

std::unique_ptr<Server> start(Wire wire, BigAnswer& answer, ServerLimits limits = {}) {
  const auto ask = [&answer](const ServerRequest& request) { return answer(request); };
  return start_server(wire, ask, {.limits = limits});
}

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

std::chrono::steady_clock::duration time_to_stop(Server& server) {
  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  return std::chrono::steady_clock::now() - begin;
}

}  // namespace

TEST_CASE("server stop: idle and half-asked connections close at once", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  BigAnswer answer;
  ServerLimits limits;
  limits.drain_timeout = 30s;
  const auto server = start(wire, answer, limits);
  RawClient silent(server->addresses().at(0), wire);
  RawClient midway(server->addresses().at(0), wire);
  midway.send("GET / HTTP/1.1\r\n");
  RawClient idle(server->addresses().at(0), wire);
  idle.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(idle.read_answer(RawClient::After::kHead).status == 200);
  CHECK(time_to_stop(*server) < 10s);
  CHECK(silent.was_closed());
  CHECK(midway.was_closed());
  CHECK(idle.was_closed());
}

TEST_CASE("R2: server stop: a response in flight is finished", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  BigAnswer answer;
  ServerLimits limits;
  limits.drain_timeout = 30s;  // the machine may be slow; a hang still fails
  const auto server = start(wire, answer, limits);
  RawClient client(server->addresses().at(0), wire);
  client.send(kGet);
  REQUIRE(answer.was_asked());
  std::thread stopper([&server] { server->stop(); });
  const Answer whole = client.read_answer();
  CHECK(whole.status == 200);
  CHECK(whole.body.size() == kBigBytes);
  CHECK(client.was_closed());
  stopper.join();
}

TEST_CASE("R2: server stop: a client that does not read is given the drain time only", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  BigAnswer answer;
  const auto server = start(wire, answer);
  RawClient client(server->addresses().at(0), wire, RawClient::Buffer::kSmall);
  client.send(kGet);
  REQUIRE(answer.was_asked());
  const auto took = time_to_stop(*server);
  CHECK(took >= 400ms);
  CHECK(took < 5s);
  CHECK(client.read_answer().status == 0);
}

TEST_CASE("server stop: twice, and from two threads, is once", "[http]") {
  const auto wire = GENERATE(Wire::kPlain, Wire::kTls);
  BigAnswer answer;
  const auto server = start(wire, answer);
  std::thread other([&server] { server->stop(); });
  server->stop();
  other.join();
  server->stop();
  CHECK(server->addresses().size() == 1);
}
