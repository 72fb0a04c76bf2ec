#include "src/http/beast_idle.hpp"

#include <catch2/catch.hpp>

#include <semaphore>

#include "test/fakes/raw_server.hpp"
#include "test/kube/manual_clock.hpp"

namespace lookout::http {
namespace {

using fakes::RawConnection;
using fakes::RawServer;

constexpr std::size_t kMany = 1000;
constexpr std::chrono::seconds kGuard{20};

// A peer, and wires that are connected to it.
class Idling {
 public:
  std::unique_ptr<Wire> connected() const {
    const Url peer = *parse_url(server_.url());
    const Patience patience{SystemClock().now() + kGuard, {}};
    auto wire = std::move(*Wire::create());
    const auto addresses = look_up(peer, patience.deadline, {});
    REQUIRE(wire->connect(addresses->front(), patience));
    return wire;
  }

  bool wait_for_close() { return closed_.try_acquire_for(kGuard); }

  kube::ManualClock clock;
  IdleWires wires{clock};
  int owner = 0;
  int other = 0;

 private:
  std::counting_semaphore<> closed_{0};
  RawServer server_{[this](RawConnection& connection) {
    connection.wait_until_closed();
    closed_.release();
  }};
};

}  // namespace

TEST_CASE("idle wires: an owner gets back its own, the last one first") {
  Idling idling;
  auto first = idling.connected();
  auto last = idling.connected();
  const Wire* const expected[] = {last.get(), first.get()};
  idling.wires.put(&idling.owner, std::move(first), kMany);
  idling.wires.put(&idling.owner, std::move(last), kMany);
  CHECK(idling.wires.take(&idling.other) == nullptr);
  for (const Wire* const wire : expected) CHECK(idling.wires.take(&idling.owner).get() == wire);
  CHECK(idling.wires.take(&idling.owner) == nullptr);
}

TEST_CASE("idle wires: end with their owner, and with age") {
  Idling idling;
  idling.wires.put(&idling.owner, idling.connected(), kMany);
  SECTION("owner") {
    idling.wires.drop(&idling.owner);
  }
  SECTION("age") {
    idling.clock.advance(kIdleAgeMax + std::chrono::seconds(1));
  }
  CHECK(idling.wires.take(&idling.owner) == nullptr);
}

TEST_CASE("idle wires: old ones are closed when nobody sends") {
  Idling idling;
  idling.wires.put(&idling.owner, idling.connected(), kMany);
  idling.clock.advance(kIdleAgeMax);
  idling.wires.put(&idling.other, idling.connected(), kMany);
  idling.clock.advance(std::chrono::seconds(1));
  idling.wires.close_old();
  CHECK(idling.wait_for_close());
  CHECK(idling.wires.take(&idling.owner) == nullptr);
  CHECK(idling.wires.take(&idling.other) != nullptr);
}

TEST_CASE("idle wires: are so many for an owner, so many for all") {
  Idling idling;
  for (int i = 0; i < 3; ++i) idling.wires.put(&idling.owner, idling.connected(), 1);
  CHECK(idling.wires.take(&idling.owner) != nullptr);
  CHECK(idling.wires.take(&idling.owner) == nullptr);

  idling.wires.put(&idling.owner, idling.connected(), kMany);
  for (std::size_t i = 0; i < kIdleWiresMax; ++i) {
    idling.wires.put(&idling.other, idling.connected(), kMany);
  }
  CHECK(idling.wires.take(&idling.owner) == nullptr);
}

TEST_CASE("idle wires: one that was never connected is of no use") {
  Idling idling;
  idling.wires.put(&idling.owner, std::move(*Wire::create()), kMany);
  CHECK(idling.wires.take(&idling.owner) == nullptr);
}

}  // namespace lookout::http
