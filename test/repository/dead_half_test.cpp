// Ten repositories over real sockets, half of them dead or slow: the others do not notice.
#include <catch2/catch.hpp>

#include <array>
#include <memory>

#include "lookout/http/beast_transport.hpp"

#include "controllers/repository_scanner.hpp"
#include "test/repository/fault_scripts.hpp"
#include "test/repository/scan_fixture.hpp"

using namespace lookout;
using namespace lookout::repository;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLive = 5;
constexpr std::size_t kScansWanted = 3;
const std::string kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

// A site and how often its repository's scans have ended.
struct Scanned {
  FaultSite site;
  std::size_t ended = 0;
};

class DeadHalf {
 public:
  DeadHalf() : scanner_(cache_, clock_, creator()) {
    const std::array<FaultScript, kLive> troubles = {
        silence(), silence("HTTP/1.1 200 OK\r\nETag: "), drip(kChunked, chunk("#")),
        drip("HTTP/1.1 200 OK\r\nX: ", "x"), reset_after("")};
    for (std::size_t i = 0; i < kLive; ++i) {
      sites_.at(i).site.arm(Part::kIndex, troubles.at(i));
    }
    std::vector<RepositorySettings> all;
    for (std::size_t i = 0; i < sites_.size(); ++i) all.push_back(settings(i));
    scanner_.set_repositories(all);
  }

  // Each of the second half scanned that often; false when it took too long.
  bool wait_for_live() {
    MutexLock lock(mutex_);
    return changed_.wait_for(mutex_, 60s, [&]() LOCKED(mutex_) {
      return std::all_of(sites_.begin() + kLive, sites_.end(),
                         [](const Scanned& live) { return live.ended >= kScansWanted; });
    });
  }
  std::size_t ended(std::size_t i) {
    MutexLock lock(mutex_);
    return sites_.at(i).ended;
  }
  state::RepositoryPtr seen(std::size_t i) const { return cache_.snapshot()->at(i); }
  void stop() { scanner_.stop(); }

 private:
  RepositorySettings settings(std::size_t i) {
    RepositorySettings out;
    out.name = std::to_string(i);
    HttpSource source{http::parse_url(sites_.at(i).site.url()).value(), "", {}};
    source.auth.username.value = "user";
    source.auth.password.value = sites_.at(i).site.secret();
    out.source = source;
    out.interval = 1s;
    out.timeout = 300s;
    return out;
  }

  controllers::RepositoryScanner::CreateScan creator() {
    return [this](const RepositorySettings& of) {
      const auto scanner = std::make_shared<Scanner>(of, context_);
      return [this, scanner, i = std::stoul(of.name)](std::stop_token stop) {
        ScanOutcome outcome = scanner->scan(std::move(stop));
        MutexLock lock(mutex_);
        ++sites_.at(i).ended;
        changed_.notify_all();
        return outcome;
      };
    };
  }

  SystemClock clock_;
  ScanStats stats_;
  const ScanContext context_{
      [](http::TransportOptions to) { return http::create_beast_transport(std::move(to)); },
      clock_,
      {},
      stats_};
  state::RepositoryCache cache_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::array<Scanned, 2 * kLive> sites_;
  controllers::RepositoryScanner scanner_;  // last: its threads use all of the above
};

}  // namespace

TEST_CASE("HRE-3: ten repositories of which half are dead or slow never delay the other half") {
  DeadHalf half;
  REQUIRE(half.wait_for_live());
  for (std::size_t i = kLive; i < 2 * kLive; ++i) {
    CHECK(half.seen(i)->up);
    CHECK(half.seen(i)->stats->errors.value() == 0);
  }
  // Four of the others are still in their first scan, which may take five minutes.
  for (std::size_t i = 0; i + 1 < kLive; ++i) {
    INFO("repository " << i);
    CHECK(half.ended(i) == 0);
    CHECK_FALSE(half.seen(i)->last_attempt);
  }
  CHECK(half.seen(kLive - 1)->last_error_type == "connect");
  const auto stopped_at = std::chrono::steady_clock::now();
  half.stop();
  CHECK(std::chrono::steady_clock::now() - stopped_at < 1s);
}
