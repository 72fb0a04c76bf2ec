// What a watch may bring that no API server sends: events of any size and kind, and encodings
// that do not fit.
#include <catch2/catch.hpp>

#include <atomic>
#include <functional>

#include "test/fakes/raw_server.hpp"
#include "test/integration/rig.hpp"

namespace lookout::integration {
namespace {

using fakes::RawConnection;
using fakes::RawServer;
using std::chrono::seconds;

std::string event(const std::string& type, const std::string& name, int version,
                  const std::string& annotations = "") {
  return R"({"type":")" + type +
         R"(","object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1",)"
         R"("metadata":{"name":"sh.helm.release.v1.)" +
         name + R"(.v1","namespace":"default","uid":"uid-)" + name + R"(","resourceVersion":")" +
         std::to_string(version) + R"(","labels":{"owner":"helm","name":")" + name +
         R"(","status":"deployed","version":"1"},"annotations":{)" + annotations + "}}}}\n";
}

constexpr std::string_view kEndBookmark =
    R"({"type":"BOOKMARK","object":{"kind":"PartialObjectMetadata",)"
    R"("apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"10",)"
    R"("annotations":{"k8s.io/initial-events-end":"true"}}}})"
    "\n";

// Answers a WatchList with one release, says that every version is known, and lets a test
// answer watches.
class WatchServer {
 public:
  // Called with the number of the watch, from 0, before its head is sent.
  using Script = std::function<void(RawConnection&, int)>;
  explicit WatchServer(Script watch)
      : watch_(std::move(watch)), server_([this](RawConnection& c) { serve(c); }) {}

  RigOptions options(int speed) const {
    RigOptions out;
    out.speed = speed;
    out.adjust = [url = server_.url()](kube::ClusterConfig& config) {
      config.server = http::parse_url(url).value();
    };
    return out;
  }
  int watches() const { return watches_; }

 private:
  void serve(RawConnection& connection) {
    for (;;) {
      const std::string head = connection.read_head();
      if (head.empty()) return;
      if (head.find("sendInitialEvents") != std::string::npos) {
        connection.write(fakes::kChunkedHead);
        connection.write_chunk(event("ADDED", "first", 9));
        connection.write_chunk(kEndBookmark);
        connection.write(fakes::kLastChunk);
      } else if (head.find("watch=true") != std::string::npos) {
        return watch_(connection, watches_++);
      } else {
        connection.write(kKnown);
      }
    }
  }

  static constexpr std::string_view kKnown =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 113\r\n\r\n"
      R"({"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1",)"
      R"("metadata":{"resourceVersion":"10"},"items":[]})";

  const Script watch_;
  std::atomic<int> watches_{0};
  RawServer server_;  // last: its threads use the rest
};

bool has(Rig& rig, const std::string& name) {
  for (const auto& release : rig.cache().snapshot(rig.clock().now())) {
    if (release->key.name == name) return true;
  }
  return false;
}

std::string head_with(const std::string& header) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n" +
         header + "\r\n\r\n";
}

}  // namespace

TEST_CASE("W12: an event of 2.2 MB is taken") {
  const std::string pad(2'200'000, 'x');
  WatchServer server([&](RawConnection& connection, int) {
    connection.write(fakes::kChunkedHead);
    connection.write_chunk(event("ADDED", "large", 11, R"("pad":")" + pad + '"'));
    connection.write_chunk(event("ADDED", "next", 12));
    connection.wait_until_closed();
  });
  Rig rig(server.options(20));
  rig.start();
  CHECK(rig.wait([&] { return has(rig, "large") && has(rig, "next"); }));
  CHECK(server.watches() == 1);
}

TEST_CASE("W12: of an event of 64 MB little is read, and the watch waits before the next one") {
  constexpr std::size_t kWhole = 64U << 20;
  constexpr int kSpeed = 20;
  std::atomic<std::size_t> most{0};
  std::vector<MonoTime> began;
  WatchServer server([&](RawConnection& connection, int) {
    began.push_back(std::chrono::steady_clock::now());
    connection.write(fakes::kChunkedHead);
    const std::string begin = event("ADDED", "huge", 11, R"("pad":")");
    connection.write_chunk(begin.substr(0, begin.rfind('"') + 1));
    const std::string piece(64 * 1024, 'x');
    std::size_t sent = 0;
    while (sent < kWhole && connection.write_chunk(piece)) sent += piece.size();
    if (sent > most) most = sent;
  });
  Rig rig(server.options(kSpeed));
  rig.start();
  REQUIRE(rig.wait([&] { return rig.restarts("event_too_large") >= 3; }));
  rig.stop();
  // The limit on an event is 8 MiB; the rest lay in the buffers of two sockets.
  CHECK(most < (8U << 20) + (12U << 20));
  CHECK(has(rig, "first"));
  CHECK_FALSE(has(rig, "huge"));
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK(kSpeed * (began[i] - began[i - 1]) >= std::chrono::milliseconds(800));
  }
}

TEST_CASE("W14: events that are none are skipped and counted, the watch goes on") {
  WatchServer server([](RawConnection& connection, int number) {
    connection.write(fakes::kChunkedHead);
    if (number == 0) {
      connection.write_chunk(event("RENAMED", "strange", 11));
      connection.write_chunk(R"({"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1",)"
                             R"("metadata":{"name":"a","resourceVersion":"12"}}})");
      connection.write_chunk(R"({"type":"ADDED","object":{"kind":"PartialObjectMetadata",)"
                             R"("apiVersion":"meta.k8s.io/v1"}})");
      connection.write_chunk(R"({"type":"ADDED","object":null})");
      connection.write_chunk(R"({"type":"MODIFIED"})");
      connection.write_chunk(event("ADDED", "next", 13));
      connection.write(fakes::kLastChunk);
    }
    connection.wait_until_closed();
  });
  Rig rig(server.options(20));
  rig.start();
  REQUIRE(rig.wait([&] { return has(rig, "next"); }));
  CHECK_FALSE(has(rig, "strange"));
  CHECK(rig.wait([&] { return rig.stats().skipped_events.value() == 5; }));
  CHECK(rig.commits() == 1);
  CHECK(rig.restarts("malformed") == 0);
}

TEST_CASE("W20: an encoding that does not fit is a clean error, and the next watch works") {
  const auto [header, says] = GENERATE(table<std::string, std::string>({
      {"Content-Encoding: gzip", "gzip"},
      {"Content-Encoding: deflate", "content encoding \"deflate\""},
      {"Content-Encoding: br", "content encoding \"br\""},
  }));
  WatchServer server([header = header](RawConnection& connection, int number) {
    connection.write(number == 0 ? head_with(header) : std::string(fakes::kChunkedHead));
    connection.write_chunk(event("ADDED", number == 0 ? "never" : "next", 11));
    connection.wait_until_closed();
  });
  Rig rig(server.options(1));
  rig.start();
  REQUIRE(rig.wait([&] { return rig.restarts("malformed") == 1; }));
  REQUIRE(rig.status().last_error);
  CHECK(rig.status().last_error->code == ErrorCode::kMalformed);
  CHECK_THAT(rig.status().last_error->message, Catch::Contains(says));
  CHECK(rig.wait([&] { return has(rig, "next"); }));
  CHECK_FALSE(has(rig, "never"));
  CHECK(rig.commits() == 1);
}

}  // namespace lookout::integration
