#include "test/http/server_fixture.hpp"

#include <catch2/catch.hpp>

#include <thread>

namespace lookout::http {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const fakes::CertificateAuthority& test_authority() {
  static const fakes::CertificateAuthority authority;
  return authority;
}

ClientTls trusting_client() {
  return {.ca_pem = test_authority().ca_pem()};
}

MountedTls::MountedTls(const std::string& common_name) {
  fakes::CertificateRequest request;
  request.common_name = common_name;
  write({test_authority().issue(request)});
}

void MountedTls::write(const Files& files) {
  const std::string version = "..v" + std::to_string(++version_);
  folder_.write(version + "/tls.crt", files.identity.cert_pem);
  folder_.write(version + "/tls.key", files.identity.key_pem);
  if (!files.client_ca.empty()) folder_.write(version + "/ca.crt", files.client_ca);
  fs::create_directory_symlink(version, folder_.path("..data_tmp"));
  fs::rename(folder_.path("..data_tmp"), folder_.path("..data"));
  for (const std::string name : {"tls.crt", "tls.key", "ca.crt"}) {
    std::error_code there;
    fs::create_symlink("..data/" + name, folder_.path(name), there);
  }
}

void MountedTls::overwrite(const std::string& name, const std::string& content) {
  folder_.write("..data/" + name + "_tmp", content);
  fs::rename(folder_.path("..data/" + name + "_tmp"), folder_.path("..data/" + name));
}

void MountedTls::remove(const std::string& name) {
  fs::remove(folder_.path("..data/" + name));
}

ServerTls MountedTls::options(Clients clients) const {
  ServerTls tls;
  tls.certificate_file = folder_.path("tls.crt");
  tls.private_key_file = folder_.path("tls.key");
  if (clients == Clients::kAsked) tls.client_ca_file = folder_.path("ca.crt");
  tls.check_period = 10ms;
  return tls;
}

std::unique_ptr<Server> start_server(Wire wire, Handler handler, ServerOptions options) {
  static const MountedTls mounted;
  if (wire == Wire::kTls && !options.tls) options.tls = mounted.options();
  auto server =
      Server::create("test-server", {"127.0.0.1:0"}, std::move(handler), std::move(options));
  REQUIRE(server.ok());
  return *std::move(server);
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::yield();
  }
  return condition();
}

}  // namespace lookout::http
