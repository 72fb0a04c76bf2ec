#include "src/cli/one_pass.hpp"

#include <catch2/catch.hpp>

#include "test/aws/stepping_clock.hpp"

using namespace lookout;
using namespace lookout::cli;
using namespace std::chrono_literals;

namespace {

// What is left at a time, as a cluster would have it.
struct Cluster {
  aws::SteppingClock clock;
  MonoTime start = clock.now();
  std::function<std::size_t(Duration passed)> left;
  controllers::Readiness readiness{};

  OnePassView view() {
    return {[this] { return readiness; }, [this] { return left(clock.now() - start); }};
  }
  std::string wait() {
    return wait_until_read(view(), clock, [](std::size_t) {});
  }
  Duration passed() const { return clock.now() - start; }
};

std::size_t seconds_of(Duration passed) {
  return static_cast<std::size_t>(std::chrono::duration_cast<std::chrono::seconds>(passed).count());
}

}  // namespace

TEST_CASE("one pass: a long read is waited for as long as it goes on") {
  Cluster cluster;
  cluster.readiness.ready = true;
  SECTION("to its end") {
    // One every ten seconds.
    cluster.left = [](Duration passed) {
      const std::size_t steps = seconds_of(passed) / 10;
      return steps >= 12 ? 0 : 12 - steps;
    };
    CHECK(cluster.wait().empty());
    CHECK(cluster.passed() >= 120s);
  }
  SECTION("but no longer than patience when it stands still") {
    cluster.left = [](Duration passed) -> std::size_t {
      return passed < 60s ? 20 - seconds_of(passed) / 6 : 10;
    };
    CHECK(cluster.wait() == "10 payloads could not be read");
    CHECK(cluster.passed() < 80s);
  }
  SECTION("nor for releases that come and go") {
    cluster.left = [](Duration passed) { return 1 + seconds_of(passed) % 2; };
    CHECK(!cluster.wait().empty());
    CHECK(cluster.passed() < 20s);
  }
}

TEST_CASE("one pass: patience begins again when lists come in") {
  Cluster cluster;
  cluster.readiness.first_error = Error{ErrorCode::kUnavailable, "connect: refused"};
  cluster.readiness.reason = "namespace b: connect: refused";
  cluster.left = [](Duration passed) { return passed < 10s ? 0U : 5U; };
  CHECK(cluster.wait() == "namespace b: connect: refused");
  CHECK(cluster.passed() > 24s);
  CHECK(cluster.passed() < 30s);
}

TEST_CASE("one pass: a refusal of everything is final at once") {
  Cluster cluster;
  cluster.readiness.first_error = Error{ErrorCode::kUnavailable, "forbidden"};
  cluster.readiness.all_refused = true;
  cluster.readiness.reason = "releases: forbidden";
  cluster.left = [](Duration) { return 0U; };
  CHECK(cluster.wait() == "releases: forbidden");
  CHECK(cluster.passed() == 0s);
}

TEST_CASE("one pass: what was refused is left out, what lost its watch after its list is not") {
  Cluster cluster;
  cluster.readiness.ready = true;
  cluster.readiness.checks = {{"namespace a", true, "watch: ended at once"},
                              {"namespace b", true, "forbidden"}};
  cluster.left = [](Duration) { return 0U; };
  CHECK(cluster.wait().empty());
  cluster.readiness.first_error = Error{ErrorCode::kForbidden, "forbidden"};
  cluster.readiness.first_failed = "namespace b";
  CHECK(cluster.wait() == "namespace b: forbidden");
}
