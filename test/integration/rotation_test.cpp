// Certificates that change while a watch is open: the server's authority, and our own.
#include <catch2/catch.hpp>

#include <filesystem>

#include "test/fakes/raw_server.hpp"
#include "test/integration/rig.hpp"
#include "test/system/temporary_folder.hpp"

namespace lookout::integration {
namespace {

using fakes::CertificateAuthority;
using fakes::RawConnection;
using fakes::RawServer;
using lookout::testing::TemporaryFolder;
using std::chrono::minutes;
using std::chrono::seconds;

// Whole at once, as a mounted Secret changes. The path.
std::string replace(const TemporaryFolder& folder, const std::string& name,
                    const std::string& text) {
  std::filesystem::rename(folder.write(name + ".next", text), folder.path(name));
  return folder.path(name);
}

// TLS with client certificates in front of a fake server that has none.
class Door {
 public:
  void open(std::uint16_t to) {
    server_ = std::make_unique<RawServer>(
        [this, to](RawConnection& connection) {
          const std::string name = connection.client_name();
          count(name, 1);
          fakes::copy_both_ways(connection, to);
          count(name, -1);
        },
        fakes::ServerTls{authority_.issue(), clients_.ca_pem()});
  }
  std::string url() const { return server_->url(); }
  std::string ca_pem() const { return authority_.ca_pem(); }
  fakes::TlsIdentity client(const std::string& name) const {
    return clients_.issue({.common_name = name});
  }
  // Connections now open to the client of that name.
  int open_connections(const std::string& name) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return open_[name];
  }

 private:
  void count(const std::string& name, int change) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    open_[name] += change;
  }

  const CertificateAuthority authority_;
  const CertificateAuthority clients_{"client CA"};
  Mutex mutex_;
  std::map<std::string, int> open_ GUARDED_BY(mutex_);
  std::unique_ptr<RawServer> server_;  // last: its threads use the rest
};

struct Identified {
  explicit Identified(int speed) {
    show("one");
    options.speed = speed;
    options.adjust = [this](kube::ClusterConfig& config) {
      door.open(config.server.port);
      config.server = http::parse_url(door.url()).value();
      config.ca_pem = door.ca_pem();
      config.client_cert_file = folder.path("tls.crt");
      config.client_key_file = folder.path("tls.key");
    };
  }
  void show(const std::string& name) {
    const fakes::TlsIdentity identity = door.client(name);
    replace(folder, "tls.key", identity.key_pem);
    replace(folder, "tls.crt", identity.cert_pem);
  }

  TemporaryFolder folder;
  Door door;
  RigOptions options;
};

}  // namespace

TEST_CASE("A4: a rotated CA is trusted within five minutes, an empty file changes nothing") {
  TemporaryFolder folder;
  RigOptions options;
  options.server.tls = true;
  options.speed = 200;
  options.adjust = [&](kube::ClusterConfig& config) {
    config.ca_file = replace(folder, "ca.crt", config.ca_pem);
    config.ca_pem.clear();
  };
  Rig rig(options);
  rig.put("app");
  rig.start();
  REQUIRE(rig.wait_watching());
  const std::string old_ca = rig.server().ca_pem();

  rig.stop_server();
  rig.start_server();  // its certificate is of an authority that nobody told us of
  REQUIRE(rig.wait([&] { return rig.status().last_error.has_value(); }));
  REQUIRE(rig.wait([&] {
    return rig.status().last_error &&
           rig.status().last_error->message.find("unknown authority") != std::string::npos;
  }));
  const MonoTime rotated = rig.clock().now();
  replace(folder, "ca.crt", old_ca + rig.server().ca_pem());
  rig.put("overlap");
  REQUIRE(rig.wait_equal());
  // Five minutes, and the longest delay before another attempt.
  CHECK(rig.clock().now() - rotated < minutes(5) + seconds(60) + seconds(120));

  replace(folder, "ca.crt", GENERATE("", "no certificate"));
  REQUIRE(rig.wait([&] { return rig.client().credential_stats().reload_errors.value() > 0; }));
  rig.server().drop_connections(fakes::Hangup::kReset);
  rig.put("empty");
  REQUIRE(rig.wait_equal());

  replace(folder, "ca.crt", rig.server().ca_pem());
  const std::uint64_t reloads = rig.client().credential_stats().reloads.value();
  REQUIRE(rig.wait([&] { return rig.client().credential_stats().reloads.value() > reloads; }));
  rig.server().drop_connections(fakes::Hangup::kReset);
  rig.put("old one gone");
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
}

TEST_CASE("A5: a rotated client certificate leaves no connection on the old one") {
  Identified identified(100);
  Rig rig(identified.options);
  rig.put("app");
  rig.start();
  REQUIRE(rig.wait_watching());
  REQUIRE(identified.door.open_connections("one") > 0);
  const MonoTime rotated = rig.clock().now();
  identified.show("two");
  REQUIRE(rig.wait([&] {
    return identified.door.open_connections("two") > 0 &&
           identified.door.open_connections("one") == 0;
  }));
  // Looked at every five minutes, when a bookmark comes; the rest is a slow machine.
  CHECK(rig.clock().now() - rotated < minutes(7));
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
  CHECK(rig.stats().watch_restarts.snapshot().size() == 1);
  CHECK(rig.restarts("ended") == 1);
}

TEST_CASE("A5: half a rotation and unusable files leave the old client certificate in force") {
  Identified identified(200);
  Rig rig(identified.options);
  rig.put("app");
  rig.start();
  REQUIRE(rig.wait_watching());
  if (GENERATE(true, false)) {
    replace(identified.folder, "tls.crt", identified.door.client("two").cert_pem);
  } else {
    replace(identified.folder, "tls.crt", "");
    replace(identified.folder, "tls.key", "");
  }
  REQUIRE(rig.wait_until(rig.clock().now() + minutes(8)));
  rig.put("later");
  CHECK(rig.wait_equal());
  CHECK(rig.commits() == 1);
  CHECK(identified.door.open_connections("two") == 0);
}

}  // namespace lookout::integration
