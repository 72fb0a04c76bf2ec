// Servers that are away, silent, restarted or slow, and clocks that are set: what is asked
// meanwhile, and how often.
#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <vector>

#include "test/fakes/raw_server.hpp"
#include "test/integration/rig.hpp"

namespace lookout::integration {
namespace {

using fakes::RawConnection;
using fakes::RawServer;
using How = fakes::BodyCut::How;
using std::chrono::minutes;
using std::chrono::seconds;

void begin(Rig& rig) {
  for (int i = 0; i < 5; ++i) rig.put("app-" + std::to_string(i));
  rig.start();
  REQUIRE(rig.wait_watching());
}

std::string version_of(Rig& rig) {
  return std::to_string(rig.server().store().resource_version());
}

// Refuses WatchList, answers LIST, and falls silent at a phase: how long until it is left.
class SilentServer {
 public:
  enum class Phase { kTls, kListHead, kWatchHead, kWatchBody };

  SilentServer(Phase phase, int speed)
      : phase_(phase), speed_(speed), server_([this](RawConnection& c) { serve(c); }) {}

  std::string url() const {
    return (phase_ == Phase::kTls ? "https" : "http") + server_.url().substr(4);
  }
  // Of the protocol's time, one a silence.
  std::vector<seconds> silences() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return silences_;
  }

 private:
  void serve(RawConnection& connection) {
    if (phase_ == Phase::kTls) return fall_silent(connection);
    for (;;) {
      const std::string head = connection.read_head();
      if (head.empty()) return;
      const bool watch = head.find("watch=true") != std::string::npos;
      if (head.find("sendInitialEvents") != std::string::npos) {
        connection.write("HTTP/1.1 422 Invalid\r\nContent-Length: 0\r\n\r\n");
      } else if (!watch && phase_ != Phase::kListHead) {
        connection.write(kList);
      } else {
        if (phase_ == Phase::kWatchBody) connection.write(fakes::kChunkedHead);
        return fall_silent(connection);
      }
    }
  }

  void fall_silent(RawConnection& connection) EXCLUDES(mutex_) {
    const MonoTime since = std::chrono::steady_clock::now();
    connection.wait_until_closed();
    const Duration real = std::chrono::steady_clock::now() - since;
    MutexLock lock(mutex_);
    silences_.push_back(std::chrono::round<seconds>(real * speed_));
  }

  static constexpr std::string_view kList =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 115\r\n\r\n"
      R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1",)"
      R"("metadata":{"resourceVersion":"5"},"items":[   ]})";

  const Phase phase_;
  const int speed_;
  Mutex mutex_;
  std::vector<seconds> silences_ GUARDED_BY(mutex_);
  RawServer server_;  // last: its threads use the rest
};

RigOptions towards(const std::string& url, int speed) {
  RigOptions options;
  options.speed = speed;
  options.head_min = std::chrono::milliseconds(0);
  options.adjust = [url](kube::ClusterConfig& config) {
    config.server = http::parse_url(url).value();
    config.ca_pem = fakes::CertificateAuthority().ca_pem();  // the system's take long to read
  };
  return options;
}

}  // namespace

TEST_CASE("W7: a server that refuses connections for five minutes costs one probe, no list") {
  RigOptions options;
  options.speed = 200;
  Rig rig(options);
  begin(rig);
  const std::string version = version_of(rig);
  rig.stop_server();
  REQUIRE(rig.wait_until(rig.clock().now() + minutes(5)));
  REQUIRE(rig.status().last_error);
  CHECK_THAT(rig.status().last_error->message, Catch::StartsWith("connect: "));
  CHECK(rig.status().synced);
  CHECK(rig.cache().counts().releases == 5);
  rig.start_server();
  REQUIRE(rig.wait_requests(Verb::kWatch, "resourceVersion=" + version, 1));
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.count(Verb::kWatchList) == 0);
  CHECK(rig.count(Verb::kList) == 1);
  CHECK(rig.count(Verb::kList, "limit=1") == 1);
  CHECK(rig.commits() == 1);
}

TEST_CASE("W8: every phase in which a server falls silent has its time, and a delay after it") {
  using Phase = SilentServer::Phase;
  constexpr int kSpeed = 50;
  const auto [phase, expected] = GENERATE(table<Phase, seconds>({
      {Phase::kTls, seconds(30)},
      {Phase::kListHead, seconds(30)},
      {Phase::kWatchHead, seconds(90)},
      {Phase::kWatchBody, seconds(150)},
  }));
  SilentServer server(phase, kSpeed);
  Rig rig(towards(server.url(), kSpeed));
  rig.start();
  REQUIRE(rig.wait([&] { return server.silences().size() >= 3; }));
  rig.stop();
  // The one in the middle: a busy machine makes the server see the begin or the end of one late.
  std::vector<seconds> silences = server.silences();
  std::sort(silences.begin(), silences.end());
  const seconds silence = silences[silences.size() / 2];
  CAPTURE(static_cast<int>(phase), silences);
  CHECK(silence >= expected - seconds(5));
  CHECK(silence < expected + seconds(50));
  CHECK(rig.status().synced == (expected > seconds(30)));
}

TEST_CASE("L9: a list of the most recent version that takes too long is asked for in halves") {
  RigOptions options;
  options.server.watch_list = false;
  options.relist_page_items = 4;
  options.speed = 100;
  Rig rig(options);
  begin(rig);
  CHECK(rig.count(Verb::kList, "limit=") == 0);  // from memory: whole
  rig.server().inject({Verb::kList, "resourceVersionMatch=NotOlderThan", 0, 1}, gone());
  rig.server().inject({Verb::kList, "limit=4", 0, RequestMatcher::kForever},
                      fakes::cut_body(100, How::kStall));
  rig.server().inject({Verb::kList, "limit=2", 0, RequestMatcher::kForever},
                      fakes::cut_body(0, How::kStall));
  rig.server().inject({Verb::kWatch, "", 0, 1}, watch_error(410, "Expired"));
  rig.server().drop_connections(fakes::Hangup::kFin);
  rig.remove("app-0");
  REQUIRE(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
  CHECK(rig.count(Verb::kList, "limit=4") == 1);
  CHECK(rig.count(Verb::kList, "limit=2") == 1);
}

TEST_CASE("W18: a proxy that strips bookmarks costs a probe at times, and no list") {
  RigOptions options;
  options.server.watch_list = false;
  options.speed = 300;
  Rig rig(options);
  Fault stripped;
  stripped.bookmarks = Fault::Bookmarks::kNone;
  rig.server().inject({Verb::kWatch, "", 0, RequestMatcher::kForever}, stripped);
  begin(rig);
  REQUIRE(rig.wait_requests(Verb::kList, "limit=1", 3));
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
  CHECK(rig.count(Verb::kList) == 1 + rig.count(Verb::kList, "limit=1"));
  // What it does not hear of goes on without it, until its version is forgotten.
  rig.server().store().advance(100);
  rig.server().store().compact();
  REQUIRE(rig.wait([&] { return rig.commits() == 2; }));
  CHECK(rig.wait_watching());
  CHECK(rig.relists("expired") == 1);
}

TEST_CASE("R1: without a resync period nothing is listed or changed again") {
  RigOptions options;
  options.speed = 1'000;
  Rig rig(options);
  begin(rig);
  rig.cache().drain(rig.clock().now());
  REQUIRE(rig.wait_until(rig.clock().now() + minutes(60)));
  CHECK(rig.cache().drain(rig.clock().now()).releases.empty());
  CHECK(rig.commits() == 1);
  CHECK(rig.changes() == 5);
  CHECK(rig.relists("expired") == 0);
}

TEST_CASE("R4: clocks that are set an hour forth and back start no storm") {
  RigOptions options;
  options.speed = 200;
  options.server.watch_time_max = seconds(60);
  Rig rig(options);
  begin(rig);
  const std::size_t before = rig.server().log().count({});
  const MonoTime start = rig.clock().now();
  for (const int hours : {1, -2, 2, -1}) {
    rig.shift_wall_clock(std::chrono::hours(hours));
    rig.put("app-0", 2, hours > 0 ? "failed" : "deployed");
    REQUIRE(rig.wait_equal());
    REQUIRE(rig.wait_until(rig.clock().now() + minutes(2)));
  }
  const auto asked = rig.server().log().count({}) - before;
  const auto lasted = std::chrono::duration_cast<minutes>(rig.clock().now() - start).count();
  CHECK(asked <= static_cast<std::size_t>(lasted) + 1);  // a watch a minute, as before
  CHECK(rig.commits() == 1);
  CHECK(rig.stats().watch_restarts.snapshot().size() == 1);
}

TEST_CASE("R6: fifty replicas that restart or lose their server list once each") {
  constexpr std::size_t kReplicas = 50;
  RigOptions options;
  options.speed = 20;
  options.server.store = std::make_shared<fakes::ObjectStore>();
  Rig first(options);
  for (int i = 0; i < 20; ++i) first.put("app-" + std::to_string(i));
  options.adjust = [&](kube::ClusterConfig& config) {
    config.server = http::parse_url(first.server().origin()).value();
  };
  std::vector<std::unique_ptr<Rig>> others;
  while (others.size() + 1 < kReplicas) others.push_back(std::make_unique<Rig>(options));
  first.start();
  for (const auto& rig : others) rig->start();
  const auto all_equal = [&] {
    return first.equal() &&
           std::all_of(others.begin(), others.end(), [](const auto& rig) { return rig->equal(); });
  };
  REQUIRE(first.wait([&] { return first.server().open_watches() == kReplicas && all_equal(); }));
  CHECK(first.count(Verb::kWatchList) == kReplicas);
  first.server().drop_connections(fakes::Hangup::kReset);
  first.put("later");
  REQUIRE(first.wait([&] { return first.server().open_watches() == kReplicas && all_equal(); }));
  CHECK(first.count(Verb::kWatchList) == kReplicas);
  CHECK(first.count(Verb::kList) == first.count(Verb::kList, "limit=1"));
  CHECK(first.count(Verb::kList) == kReplicas);
  for (const auto& rig : others) rig->stop();
}

}  // namespace lookout::integration
