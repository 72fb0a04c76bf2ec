#include "lookout/kube/work_queue.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <string>
#include <vector>

#include "test/kube/manual_clock.hpp"

namespace lookout::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// take() for a key that must be there; "" after five real seconds.
std::string take_soon(WorkQueue<std::string>& queue) {
  std::stop_source give_up;
  const SystemClock real;
  std::jthread deadline([&](std::stop_token done) {
    if (real.sleep(seconds(5), done)) give_up.request_stop();
  });
  return queue.take(give_up.get_token()).value_or("");
}

bool is_empty(WorkQueue<std::string>& queue) {
  return queue.stats().depth.value() == 0;
}

TEST_CASE("work queue: keys come in the order they were added") {
  ManualClock clock;
  WorkQueue<std::string> queue(clock);
  for (const char* key : {"c", "a", "b"}) queue.add(key);
  CHECK(take_soon(queue) == "c");
  CHECK(take_soon(queue) == "a");
  CHECK(take_soon(queue) == "b");
  CHECK(is_empty(queue));
}

TEST_CASE("W16: work queue: a key that waits is not added twice") {
  ManualClock clock;
  WorkQueue<std::string> queue(clock);
  queue.add("a");
  queue.add("a");
  CHECK(queue.stats().adds.value() == 1);
  CHECK(queue.stats().depth.value() == 1);
  CHECK(take_soon(queue) == "a");
  CHECK(is_empty(queue));
}

TEST_CASE("W16: work queue: a key added while worked on comes back after done, once") {
  ManualClock clock;
  WorkQueue<std::string> queue(clock);
  queue.add("a");
  REQUIRE(take_soon(queue) == "a");
  queue.add("a");
  queue.add("a");
  CHECK(is_empty(queue));
  queue.done("a");
  REQUIRE(take_soon(queue) == "a");
  CHECK(queue.under_way() == 1);
  queue.done("a");
  CHECK(is_empty(queue));
  CHECK(queue.under_way() == 0);
}

TEST_CASE("work queue: a stop ends take") {
  ManualClock clock;
  WorkQueue<std::string> queue(clock);
  std::optional<std::string> taken = "unset";
  {
    std::jthread worker([&](std::stop_token stop) { taken = queue.take(stop); });
  }
  CHECK_FALSE(taken.has_value());
}

TEST_CASE("work queue: a delayed key comes when its time has come") {
  ManualClock clock;
  WorkQueue<std::string> queue(clock);
  queue.add_after("late", seconds(10));
  clock.wait_for_sleepers(1);
  clock.advance(seconds(9));
  CHECK(is_empty(queue));
  clock.advance(seconds(1));
  CHECK(take_soon(queue) == "late");
}

TEST_CASE("work queue: of two delays of a key the earlier counts") {
  const bool earlier_first = GENERATE(true, false);
  ManualClock clock;
  WorkQueue<std::string> queue(clock);
  queue.add_after("a", earlier_first ? seconds(5) : seconds(60));
  queue.add_after("a", earlier_first ? seconds(60) : seconds(5));
  clock.wait_for_sleep_until(clock.now() + seconds(5));
  clock.advance(seconds(5));
  CHECK(take_soon(queue) == "a");
  queue.done("a");
  clock.advance(seconds(60));
  queue.add("marker");
  CHECK(take_soon(queue) == "marker");
}

TEST_CASE("work queue: an earlier key does not wait for a later one") {
  ManualClock clock;
  WorkQueue<std::string> queue(clock);
  queue.add_after("hour", minutes(60));
  clock.wait_for_sleepers(1);
  queue.add_after("soon", seconds(1));
  clock.wait_for_sleep_until(clock.now() + seconds(1));
  clock.advance(seconds(1));
  CHECK(take_soon(queue) == "soon");
}

TEST_CASE("work queue: no delay is no wait") {
  ManualClock clock;
  WorkQueue<std::string> queue(clock);
  queue.add_after("now", Duration(0));
  CHECK(queue.stats().depth.value() == 1);
}

TEST_CASE("work queue: retries double up to the maximum until forgotten") {
  ManualClock clock;
  WorkQueue<std::string> queue(clock, {.retry_initial = seconds(1), .retry_max = seconds(5)});
  for (const int expected : {1, 2, 4, 5, 5}) {
    const MonoTime due = clock.now() + seconds(expected);
    queue.add_rate_limited("a");
    clock.wait_for_sleep_until(due);
    clock.advance(seconds(expected));
    REQUIRE(take_soon(queue) == "a");
    queue.done("a");
  }
  CHECK(queue.stats().retries.value() == 5);
  CHECK(queue.retries("a") == 5);
  queue.forget("a");
  const MonoTime due = clock.now() + seconds(1);
  queue.add_rate_limited("a");
  clock.wait_for_sleep_until(due);
}

TEST_CASE("work queue: what the server asks for is waited, never less than the own delay") {
  const auto [asked, expected] = GENERATE(table<int, int>({{0, 1}, {3, 3}, {600, 5}}));
  ManualClock clock;
  WorkQueue<std::string> queue(clock, {.retry_initial = seconds(1), .retry_max = seconds(5)});
  const MonoTime due = clock.now() + seconds(expected);
  queue.add_rate_limited("a", seconds(asked));
  CHECK(is_empty(queue));
  clock.wait_for_sleep_until(due);
}

TEST_CASE("work queue: durations of waiting and working are measured") {
  ManualClock clock;
  WorkQueue<std::string> queue(clock);
  queue.add("a");
  queue.add("b");
  clock.advance(seconds(3));
  REQUIRE(take_soon(queue) == "a");
  clock.advance(seconds(2));
  REQUIRE(take_soon(queue) == "b");
  clock.advance(seconds(4));
  const UnfinishedWork unfinished = queue.unfinished_work(clock.now());
  CHECK(unfinished.seconds == Approx(10));
  CHECK(unfinished.longest_seconds == Approx(6));
  queue.done("a");
  queue.done("b");
  CHECK(queue.stats().queue_seconds.snapshot().sum == Approx(8));
  CHECK(queue.stats().work_seconds.snapshot().sum == Approx(10));
  CHECK(queue.unfinished_work(clock.now()).seconds == 0);
}

TEST_CASE("work queue: several workers never share a key, and lose none") {
  constexpr int kKeys = 20;
  constexpr int kRounds = 200;
  const SystemClock clock;
  WorkQueue<int> queue(clock);
  std::vector<std::atomic<int>> holders(kKeys);
  std::vector<std::atomic<int>> added(kKeys);
  std::vector<std::atomic<int>> seen(kKeys);
  std::atomic<bool> shared{false};
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < 4; ++i) {
      workers.emplace_back([&](std::stop_token stop) {
        while (const std::optional<int> key = queue.take(stop)) {
          const auto at = static_cast<std::size_t>(*key);
          if (++holders[at] != 1) shared = true;
          seen[at] = added[at].load();
          --holders[at];
          queue.done(*key);
        }
      });
    }
    for (int round = 1; round <= kRounds; ++round) {
      for (int key = 0; key < kKeys; ++key) {
        added[static_cast<std::size_t>(key)] = round;
        if (key % 3 == 0) queue.add_after(key, milliseconds(1));
        queue.add(key);
      }
    }
    const MonoTime deadline = clock.now() + seconds(10);
    while (queue.under_way() > 0 && clock.now() < deadline) std::this_thread::yield();
  }
  CHECK_FALSE(shared.load());
  for (const auto& round : seen) CHECK(round == kRounds);
}

}  // namespace
}  // namespace lookout::kube
