#include "lookout/kube/credentials.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <thread>

#include "lookout/encoding/time.hpp"

#include "test/kube/manual_clock.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::kube;
using lookout::testing::TemporaryFolder;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

std::string certificate(const std::string& name) {
  return "-----BEGIN CERTIFICATE-----\n" + name + "\n-----END CERTIFICATE-----";
}
std::string key(const std::string& name) {
  return "-----BEGIN PRIVATE KEY-----\n" + name + "\n-----END PRIVATE KEY-----";
}

// Files of one identity, a clock and what Credentials make of them.
struct Setup {
  Setup() { config.server = http::parse_url("https://cluster.example").value(); }
  void open() {
    auto created = Credentials::create(config, clock);
    REQUIRE(created.ok());
    credentials = std::move(created).value();
  }
  Credentials::Current current() { return credentials->current({}).value(); }
  std::string authorization() { return current().authorization; }

  TemporaryFolder folder;
  ManualClock clock;
  ClusterConfig config;
  std::unique_ptr<Credentials> credentials;
};

// A plugin whose runs leave a line each and whose answer is a file.
struct PluginSetup : Setup {
  PluginSetup() {
    config.exec.emplace();
    config.exec->api_version = "client.authentication.k8s.io/v1";
    config.exec->interactive_mode = "Never";
    config.exec->command = folder.write_program(
        "plugin", "echo x >>" + folder.path("runs") + "\ncat " + folder.path("answer") + "\n");
    folder.write("runs", "");
  }
  void answer(const std::string& status) {
    folder.write("answer", R"({"kind":"ExecCredential",)"
                           R"("apiVersion":"client.authentication.k8s.io/v1","status":{)" +
                               status + "}}");
  }
  std::size_t runs() const { return std::filesystem::file_size(folder.path("runs")) / 2; }
  std::string expiry_in(Duration duration) const {
    return encoding::format_rfc3339(static_cast<std::int64_t>(
        unix_seconds(clock.wall_now() + std::chrono::duration_cast<WallTime::duration>(duration))));
  }
};

}  // namespace

TEST_CASE("credentials: fixed ones") {
  Setup setup;
  SECTION("none") {
    setup.open();
    CHECK(setup.authorization().empty());
  }
  SECTION("token") {
    setup.config.token = "abc";
    setup.open();
    CHECK(setup.authorization() == "Bearer abc");
  }
  SECTION("basic") {
    setup.config.username = "aladdin";
    setup.config.password = "open sesame";
    setup.open();
    CHECK(setup.authorization() == "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  }
}

TEST_CASE("A8: credentials: nothing goes over http, no file is read, no plugin run") {
  PluginSetup setup;
  setup.config.server = http::parse_url("http://plain.example").value();
  SECTION("plugin") {}
  SECTION("token file") {
    setup.config.token_file = setup.folder.path("missing");
  }
  SECTION("basic") {
    setup.config.username = "aladdin";
  }
  setup.open();
  CHECK(setup.authorization().empty());
  CHECK(setup.runs() == 0);
}

TEST_CASE("A1: credentials: a token file is read every minute") {
  Setup setup;
  setup.config.token = "inline";
  setup.config.token_file = setup.folder.write("token", " one\n");
  setup.open();
  CHECK(setup.authorization() == "Bearer one");
  setup.folder.write("token", "two");
  setup.clock.advance(seconds(59));
  CHECK(setup.authorization() == "Bearer one");
  setup.clock.advance(seconds(1));
  CHECK(setup.authorization() == "Bearer two");
  CHECK(setup.credentials->stats().reloads.value() == 1);
  CHECK(setup.credentials->stats().reload_errors.value() == 0);
}

TEST_CASE("A3: credentials: the last good token outlives a bad file") {
  Setup setup;
  setup.config.token_file = setup.folder.write("token", "good");
  setup.open();
  const auto bad = GENERATE("", "\n", "two\nlines", "missing");
  setup.folder.write("token", bad);
  if (std::string(bad) == "missing") std::filesystem::remove(setup.config.token_file);
  setup.clock.advance(seconds(60));
  CHECK(setup.authorization() == "Bearer good");
  CHECK(setup.credentials->stats().reload_errors.value() == 1);
  setup.folder.write("token", "better");
  setup.clock.advance(seconds(60));
  CHECK(setup.authorization() == "Bearer better");
}

TEST_CASE("A3: credentials: a file that is bad at the start is an error of the user") {
  Setup setup;
  const auto member = GENERATE(&ClusterConfig::token_file, &ClusterConfig::ca_file,
                               &ClusterConfig::client_cert_file, &ClusterConfig::client_key_file);
  const bool empty = GENERATE(false, true);
  setup.config.*member = empty ? setup.folder.write("file", "") : setup.folder.path("file");
  const auto created = Credentials::create(setup.config, setup.clock);
  REQUIRE_FALSE(created.ok());
  CHECK(created.error().code == ErrorCode::kInvalid);
  CHECK(created.error().message.find(setup.folder.path("file")) != std::string::npos);
}

TEST_CASE("A4: credentials: a CA file is read every five minutes, a bad one changes nothing") {
  Setup setup;
  setup.config.ca_file = setup.folder.write("ca", certificate("one"));
  setup.open();
  const auto first = setup.current();
  CHECK(first.tls.ca_pem == certificate("one"));

  setup.folder.write("ca", "no PEM");
  setup.clock.advance(minutes(5));
  CHECK(setup.current() == first);
  CHECK(setup.credentials->stats().reload_errors.value() == 1);

  setup.folder.write("ca", certificate("one") + "\n" + certificate("two"));
  setup.clock.advance(minutes(5) - seconds(1));
  CHECK(setup.current() == first);
  setup.clock.advance(seconds(1));
  const auto second = setup.current();
  CHECK(second.tls.ca_pem == certificate("one") + "\n" + certificate("two"));
  CHECK(second.tls_generation == first.tls_generation + 1);
}

TEST_CASE("A5: credentials: certificate and key rotate") {
  Setup setup;
  setup.config.client_cert_file = setup.folder.write("crt", certificate("one"));
  setup.config.client_key_file = setup.folder.write("key", key("one"));
  setup.open();
  const auto first = setup.current();

  SECTION("together") {
    setup.folder.write("crt", certificate("two"));
    setup.folder.write("key", key("two"));
    setup.clock.advance(minutes(5));
    const auto second = setup.current();
    CHECK(second.tls.cert_pem == certificate("two"));
    CHECK(second.tls.key_pem == key("two"));
    CHECK(second.tls_generation == first.tls_generation + 1);
  }
  SECTION("one after the other: the second half is not five minutes late") {
    setup.folder.write("crt", certificate("two"));
    setup.clock.advance(minutes(5));
    setup.current();
    setup.folder.write("key", key("two"));
    CHECK(setup.current().tls.key_pem == key("two"));
    setup.folder.write("key", key("three"));
    setup.current();
    setup.current();
    setup.folder.write("key", key("four"));
    CHECK(setup.current().tls.key_pem != key("four"));
  }
}

TEST_CASE("A5: credentials: reading again takes changed files and runs no plugin") {
  PluginSetup setup;
  setup.answer(R"("token":"one","expirationTimestamp":")" + setup.expiry_in(minutes(1)) + "\"");
  setup.config.ca_file = setup.folder.write("ca", certificate("one"));
  setup.open();
  const auto before = setup.current();
  setup.folder.write("ca", certificate("two"));
  CHECK(setup.credentials->reread() == before);
  setup.clock.advance(minutes(5));
  const auto after = setup.credentials->reread();
  CHECK(after.tls.ca_pem == certificate("two"));
  CHECK(after.tls_generation == before.tls_generation + 1);
  CHECK(setup.credentials->held() == after);
  setup.folder.write("ca", "");
  setup.clock.advance(minutes(5));
  CHECK(setup.credentials->reread() == after);
  CHECK(setup.runs() == 1);
}

TEST_CASE("A2: credentials: a 401 reads all files again, once a credential") {
  Setup setup;
  setup.config.token_file = setup.folder.write("token", "one");
  setup.config.ca_file = setup.folder.write("ca", certificate("one"));
  setup.open();
  const auto refused = setup.current();
  setup.folder.write("token", "two");
  setup.folder.write("ca", certificate("two"));
  CHECK(setup.current() == refused);

  setup.credentials->invalidate(refused);
  CHECK(setup.current().authorization == "Bearer two");
  CHECK(setup.current().tls.ca_pem == certificate("two"));

  setup.folder.write("token", "three");
  setup.credentials->invalidate(refused);
  CHECK(setup.authorization() == "Bearer two");
}

TEST_CASE("A6: credentials: a plugin runs when its credential has expired") {
  PluginSetup setup;
  setup.answer(R"("token":"one","expirationTimestamp":")" + setup.expiry_in(minutes(10)) + "\"");
  setup.open();
  CHECK(setup.runs() == 0);
  CHECK(setup.authorization() == "Bearer one");
  setup.clock.advance(minutes(9));
  CHECK(setup.authorization() == "Bearer one");
  CHECK(setup.runs() == 1);
  setup.answer(R"("token":"two")");
  setup.clock.advance(minutes(1));
  CHECK(setup.authorization() == "Bearer two");
  setup.clock.advance(std::chrono::hours(1000));
  CHECK(setup.authorization() == "Bearer two");
  CHECK(setup.runs() == 2);
  CHECK(setup.credentials->stats().reloads.value() == 1);
}

TEST_CASE("A6: credentials: a 401 runs the plugin again, once a credential") {
  PluginSetup setup;
  setup.answer(R"("token":"one")");
  setup.open();
  const auto refused = setup.current();
  setup.answer(R"("token":"two")");
  setup.credentials->invalidate(refused);
  setup.credentials->invalidate(refused);
  CHECK(setup.authorization() == "Bearer two");
  setup.credentials->invalidate(refused);
  CHECK(setup.authorization() == "Bearer two");
  CHECK(setup.runs() == 2);
}

TEST_CASE("A6: credentials: only a changed certificate of a plugin needs a new transport") {
  PluginSetup setup;
  const auto answer = [&](const std::string& token, const std::string& name) {
    setup.answer("\"token\":\"" + token +
                 R"(","clientCertificateData":"-----BEGIN CERTIFICATE-----\n)" + name +
                 R"(\n-----END CERTIFICATE-----","clientKeyData":"-----BEGIN PRIVATE KEY-----")");
  };
  answer("one", "a");
  setup.open();
  const auto before = setup.credentials->held();
  const auto first = setup.current();
  CHECK(first.tls.cert_pem == certificate("a"));
  CHECK(first.tls_generation == before.tls_generation + 1);

  answer("two", "a");
  setup.credentials->invalidate(first);
  const auto second = setup.current();
  CHECK(second.authorization == "Bearer two");
  CHECK(second.tls_generation == first.tls_generation);

  answer("two", "b");
  setup.credentials->invalidate(second);
  CHECK(setup.current().tls_generation == first.tls_generation + 1);
}

TEST_CASE("A6: credentials: a failing plugin is asked again and never taken for good") {
  PluginSetup setup;
  setup.answer(R"("token":"one")");
  setup.open();
  const auto refused = setup.current();
  setup.folder.write("answer", "garbage");
  setup.credentials->invalidate(refused);
  for (int i = 0; i < 2; ++i) {
    const auto failed = setup.credentials->current({});
    REQUIRE_FALSE(failed.ok());
    CHECK(failed.error().code == ErrorCode::kUnauthorized);
    CHECK(failed.error().message.find("garbage") == std::string::npos);
  }
  CHECK(setup.credentials->stats().reload_errors.value() == 2);
  setup.answer(R"("token":"two")");
  CHECK(setup.authorization() == "Bearer two");
}

TEST_CASE("A6: credentials: a plugin is left alone when something else identifies us") {
  PluginSetup setup;
  setup.answer(R"("token":"unused")");
  SECTION("token") {
    setup.config.token = "mine";
  }
  SECTION("basic") {
    setup.config.username = "me";
  }
  SECTION("certificate") {
    setup.config.client_cert_pem = certificate("c");
    setup.config.client_key_pem = key("k");
  }
  setup.open();
  CHECK(setup.authorization() != "Bearer unused");
  CHECK(setup.runs() == 0);
}

TEST_CASE("A6: credentials: concurrent requests share one run of the plugin") {
  PluginSetup setup;
  // Each run waits for a line in the FIFO, so all threads are there while the first one runs.
  const std::string fifo = setup.folder.path("fifo");
  REQUIRE(std::system(("mkfifo " + fifo).c_str()) == 0);
  setup.config.exec->command =
      setup.folder.write_program("slow", "echo x >>" + setup.folder.path("runs") + "\nread line <" +
                                             fifo + "\ncat " + setup.folder.path("answer") + "\n");
  setup.answer(R"("token":"shared")");
  setup.open();
  std::vector<std::string> seen(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& one : seen) threads.emplace_back([&] { one = setup.authorization(); });
    std::ofstream(fifo) << "go\n";
  }
  CHECK(seen == std::vector<std::string>(4, "Bearer shared"));
  CHECK(setup.runs() == 1);
}

TEST_CASE("A6: credentials: a stop ends the wait for a plugin") {
  PluginSetup setup;
  const std::string fifo = setup.folder.path("fifo");
  REQUIRE(std::system(("mkfifo " + fifo).c_str()) == 0);
  setup.config.exec->command =
      setup.folder.write_program("hung", "echo up >" + fifo + "\nexec sleep 1000\n");
  setup.open();
  std::stop_source source;
  std::jthread stopper([&] {
    std::string line;
    std::ifstream up(fifo);
    std::getline(up, line);
    source.request_stop();
  });
  const auto stopped = setup.credentials->current(source.get_token());
  REQUIRE_FALSE(stopped.ok());
  CHECK(stopped.error().code == ErrorCode::kCancelled);
}
