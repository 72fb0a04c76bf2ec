// Tokens that change, namespaces that are forbidden, and stopping in every state.
#include <catch2/catch.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "lookout/http/cluster_transport.hpp"

#include "test/integration/rig.hpp"

namespace lookout::integration {
namespace {

using How = fakes::BodyCut::How;

// As a projected volume: `token` is a link through `..data`, which is swapped at once.
class TokenVolume {
 public:
  explicit TokenVolume(const std::string& token) {
    std::string pattern = (std::filesystem::temp_directory_path() / "lookout-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    write(token);
    std::filesystem::create_symlink("..data/token", folder_ / "token");
  }
  ~TokenVolume() { std::filesystem::remove_all(folder_); }
  TokenVolume(const TokenVolume&) = delete;
  TokenVolume& operator=(const TokenVolume&) = delete;

  void write(const std::string& token) {
    const std::string version = "..v" + std::to_string(++versions_);
    std::filesystem::create_directory(folder_ / version);
    std::ofstream(folder_ / version / "token") << token;
    std::filesystem::create_symlink(version, folder_ / "..next");
    std::filesystem::rename(folder_ / "..next", folder_ / "..data");
  }
  void lose() { std::filesystem::remove(folder_ / "..data"); }
  std::string path() const { return folder_ / "token"; }

 private:
  std::filesystem::path folder_;
  int versions_ = 0;
};

// Credentials travel over TLS only.
RigOptions secured(const TokenVolume& volume, const std::string& token) {
  RigOptions options;
  options.server.tls = true;
  options.server.bearer_token = token;
  options.token_file = volume.path();
  return options;
}

std::string last_authorization(Rig& rig) {
  return rig.server().log().all().back().request.header("Authorization");
}

}  // namespace

TEST_CASE("A1: a token that rotates is taken over within a minute, the watch goes on") {
  TokenVolume volume("first");
  RigOptions options = secured(volume, "first");
  options.server.watch_time_max = std::chrono::seconds(30);
  Rig rig(options);
  rig.put("app");
  rig.start();
  REQUIRE(rig.wait_watching());
  volume.write("second");
  REQUIRE(rig.wait([&] { return last_authorization(rig) == "Bearer second"; }));
  rig.server().set_bearer_token("second");
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
  CHECK(rig.client().credential_stats().reloads.value() >= 1);
}

TEST_CASE("A2: a refused token is read again at once") {
  TokenVolume volume("first");
  RigOptions options = secured(volume, "first");
  Rig rig(options);
  rig.put("app");
  rig.start();
  REQUIRE(rig.wait_watching());
  volume.write("second");
  rig.server().set_bearer_token("second");
  const std::size_t requests = rig.server().log().count({});
  rig.server().drop_connections(fakes::Hangup::kReset);
  rig.put("later");
  CHECK(rig.wait_equal());
  // The refused one, its repetition, and the probe of a broken watch.
  CHECK(rig.server().log().count({}) - requests <= 4);
}

TEST_CASE("A2: a token that stays wrong is no reason to hurry") {
  TokenVolume volume("wrong");
  RigOptions options = secured(volume, "right");
  options.speed = 100;
  Rig rig(options);
  const MonoTime start = rig.clock().now();
  rig.start();
  REQUIRE(rig.wait([&] { return rig.clock().now() - start > std::chrono::minutes(3); }));
  CHECK(rig.server().log().count({}) <= 14);
  CHECK_FALSE(rig.status().synced);
  volume.write("right");
  CHECK(rig.wait_watching());
}

TEST_CASE("A3: the last good token is kept while its file is missing or empty") {
  TokenVolume volume("first");
  RigOptions options = secured(volume, "first");
  options.server.watch_time_max = std::chrono::seconds(70);
  Rig rig(options);
  rig.put("app");
  rig.start();
  REQUIRE(rig.wait_watching());
  if (GENERATE(true, false)) {
    volume.lose();
  } else {
    volume.write("");
  }
  REQUIRE(rig.wait([&] { return rig.client().credential_stats().reload_errors.value() > 0; }));
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(last_authorization(rig) == "Bearer first");
}

TEST_CASE("A3: a token file that is missing at the start is an error of the settings") {
  const SystemClock clock;
  kube::ClusterConfig config;
  config.server = http::parse_url("https://127.0.0.1:1").value();
  config.token_file = "/nonexistent/token";
  const auto client = kube::ApiClient::create(config, http::create_cluster_transport, clock);
  REQUIRE_FALSE(client.ok());
  CHECK(client.error().code == ErrorCode::kInvalid);
}

TEST_CASE("R2: a stop is obeyed in every state") {
  RigOptions options;
  options.speed = 1;
  options.server.watch_list = GENERATE(true, false);
  Rig rig(options);
  rig.put("app");
  Fault mute;
  mute.stall_before_head = true;
  SECTION("while a list is not answered") {
    rig.server().inject({std::nullopt, "", 0, RequestMatcher::kForever}, mute);
    rig.start();
    REQUIRE(rig.wait_requests(Verb::kWatchList, "", 1));
  }
  SECTION("inside a list") {
    rig.server().inject({std::nullopt, "", 0, RequestMatcher::kForever},
                        fakes::cut_body(100, How::kStall));
    rig.start();
    REQUIRE(rig.wait_requests(Verb::kWatchList, "", 1));
  }
  SECTION("while watching") {
    rig.start();
    REQUIRE(rig.wait_watching());
  }
  SECTION("while backing off") {
    rig.server().inject({std::nullopt, "", 0, RequestMatcher::kForever}, fakes::refuse(500));
    rig.start();
    REQUIRE(rig.wait([&] { return rig.status().last_error.has_value(); }));
  }
  CHECK(rig.stop() < std::chrono::seconds(1));
}

TEST_CASE("R3: a forbidden namespace keeps no other from being served") {
  RigOptions options;
  options.namespaces = {"allowed", "forbidden", "other"};
  options.speed = 200;
  Rig rig(options);
  rig.put("one", 1, "deployed", "allowed");
  rig.put("two", 1, "deployed", "other");
  rig.put("three", 1, "deployed", "elsewhere");
  const std::string path = "/namespaces/forbidden/";
  rig.server().inject({std::nullopt, path, 0, 3}, fakes::refuse(403));
  rig.start();
  REQUIRE(rig.wait(
      [&] { return rig.status(0).synced && rig.status(2).synced && rig.status(1).refused; }));
  CHECK_FALSE(rig.status(1).synced);
  CHECK(rig.cache().counts().releases == 2);
  REQUIRE(rig.wait([&] { return rig.status(1).synced; }));
  std::vector<MonoTime> asked;
  for (const fakes::RecordedRequest& request : rig.server().log().all()) {
    if (request.request.path.find(path) != std::string::npos) asked.push_back(request.at);
  }
  REQUIRE(asked.size() == 4);
  for (std::size_t i = 1; i < asked.size(); ++i) {
    CHECK(options.speed * (asked[i] - asked[i - 1]) >= std::chrono::seconds(30));
  }
}

}  // namespace lookout::integration
