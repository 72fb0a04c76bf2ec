#include "src/kube/backoff.hpp"

#include <catch2/catch.hpp>

namespace lookout::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_CASE("W6: backoff: delays double up to the cap, jitter stretches them") {
  const double chance = GENERATE(0.0, 0.5, 0.999);
  Backoff backoff;
  MonoTime now{};
  for (const int base_ms : {800, 1'600, 3'200, 6'400, 12'800, 25'600, 30'000, 30'000}) {
    const Duration delay = backoff.next(now, chance);
    const double seconds_expected = base_ms / 1000.0 * (1 + chance);
    CHECK(std::chrono::duration<double>(delay).count() == Approx(seconds_expected));
    now += delay;
  }
}

TEST_CASE("W6: backoff: two minutes of calm start it over") {
  Backoff backoff;
  MonoTime now{};
  now += backoff.next(now, 0);
  now += backoff.next(now, 0);
  now += minutes(2) - seconds(1);
  CHECK(backoff.next(now, 0) == milliseconds(3'200));
  now += milliseconds(3'200) + minutes(2);
  CHECK(backoff.next(now, 0) == milliseconds(800));
}

}  // namespace
}  // namespace lookout::kube
