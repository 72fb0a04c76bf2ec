#include "lookout/base/clock.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace lookout;
using namespace std::chrono_literals;

TEST_CASE("clock: sleep ends at once when stop is requested") {
  const SystemClock clock;
  std::stop_source source;
  bool slept_on = true;
  const MonoTime start = clock.now();
  {
    std::jthread sleeper([&] { slept_on = clock.sleep(1h, source.get_token()); });
    source.request_stop();
  }
  CHECK_FALSE(slept_on);
  CHECK(clock.now() - start < 10s);
}

TEST_CASE("clock: sleep takes its time and says that it did") {
  const SystemClock clock;
  const MonoTime start = clock.now();
  CHECK(clock.sleep(5ms, {}));
  CHECK(clock.now() - start >= 5ms);
}

TEST_CASE("clock: a stop that was requested before is not slept over") {
  std::stop_source source;
  source.request_stop();
  CHECK_FALSE(SystemClock().sleep(1h, source.get_token()));
}

TEST_CASE("clock: Unix seconds keep their fraction") {
  CHECK(unix_seconds(WallTime(1500ms)) == Approx(1.5));
}
