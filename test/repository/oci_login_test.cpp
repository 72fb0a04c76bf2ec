#include "src/repository/oci_login.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>

#include <string>

#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using lookout::testing::TemporaryFolder;

namespace {

struct LoginFixture {
  const std::string path_before = ::getenv("PATH");
  TemporaryFolder folder;
  OciSource source;
  aws::Environment environment;

  LoginFixture() {
    source.host = "reg.example:5000";
    source.path = "team/app";
    environment = {{"PATH", "/usr/bin:/bin"}, {"HOME", folder.path("home")}};
    // Programs are looked up where this process would.
    ::setenv("PATH", (folder.path("bin") + ":" + path_before).c_str(), 1);
  }
  ~LoginFixture() { ::setenv("PATH", path_before.c_str(), 1); }
  LoginFixture(const LoginFixture&) = delete;
  LoginFixture& operator=(const LoginFixture&) = delete;
  void write_config(const std::string& json) {
    source.docker_config_file = folder.write("config.json", json);
  }
  void write_program(const std::string& name, const std::string& script) {
    folder.write_program("bin/docker-credential-" + name, script);
  }
  Result<RegistryLogin> login() { return read_registry_login(source, environment, {}); }
};

}  // namespace

TEST_CASE("registry login: the settings' own come first") {
  LoginFixture f;
  f.write_config(R"({"auths": {"reg.example:5000": {"auth": "ZG9ja2VyOnA="}}})");
  CHECK(f.login()->username == "docker");
  f.source.auth.username.value = "settings";
  CHECK(f.login()->username == "settings");
  f.source.auth.bearer_token.value = "token";
  CHECK(f.login()->registry_token == "token");
  f.source.auth.bearer_token = Secret{.environment = "NOT_SET"};
  CHECK(f.login().error().code == ErrorCode::kInvalid);
}

TEST_CASE("registry login: docker's own places for its file") {
  LoginFixture f;
  CHECK(f.login()->anonymous());
  f.folder.write("home/.docker/config.json",
                 R"({"auths": {"reg.example:5000": {"auth": "aG9tZTpw"}}})");
  CHECK(f.login()->username == "home");
  f.environment["DOCKER_CONFIG"] = f.folder.path("docker");
  CHECK(f.login()->anonymous());
  f.folder.write("docker/config.json",
                 R"({"auths": {"reg.example:5000": {"auth": "ZG9ja2VyOnA="}}})");
  CHECK(f.login()->username == "docker");
  f.environment.clear();
  CHECK(f.login()->anonymous());
}

TEST_CASE("registry login: a file that the settings name must be good") {
  LoginFixture f;
  f.source.docker_config_file = f.folder.path("missing");
  const auto missing = f.login();
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == ErrorCode::kInvalid);
  CHECK(missing.error().message.find("missing") != std::string::npos);
  f.write_config("canary");
  const auto damaged = f.login();
  REQUIRE_FALSE(damaged.ok());
  CHECK(damaged.error().message.find("config.json") != std::string::npos);
  CHECK(damaged.error().message.find("canary") == std::string::npos);
}

TEST_CASE("credential program: is told the registry and answers with a login") {
  LoginFixture f;
  f.write_config(R"({"credHelpers": {"reg.example:5000": "own"}, "credsStore": "store"})");
  f.write_program("own",
                  "[ \"$1\" = get ] && printf '{\"Username\":\"%s\",\"Secret\":\"s\"}' "
                  "\"$(cat)\"");
  const auto login = f.login();
  REQUIRE(login.ok());
  CHECK(login->username == "reg.example:5000");
  CHECK(login->password == "s");
}

TEST_CASE("credential program: Docker Hub has its old name") {
  LoginFixture f;
  f.source.host = "docker.io";
  f.write_config(R"({"credsStore": "store"})");
  f.write_program("store", "printf '{\"Username\":\"%s\",\"Secret\":\"s\"}' \"$(cat)\"");
  CHECK(f.login()->username == "https://index.docker.io/v1/");
}

TEST_CASE("credential program: one that does not know the registry leaves it to the file") {
  LoginFixture f;
  f.write_config(
      R"({"credsStore": "store", "auths": {"reg.example:5000": {"auth": "ZG9ja2VyOnA="}}})");
  f.write_program("store", "echo credentials not found in native keychain; exit 1");
  CHECK(f.login()->username == "docker");
}

TEST_CASE("credential program: failures are named, and nothing it wrote is shown") {
  const auto [name, script, message] = GENERATE(table<std::string, std::string, std::string>({
      {"p", "echo canary; echo canary >&2; exit 3", "docker-credential-p: exit code 3"},
      {"p", "echo canary", "docker-credential-p: its output is no JSON"},
      {"p", "echo '{\"Username\": \"canary\"}'", "docker-credential-p: no secret in its output"},
      {"p", "head -c 100000 /dev/zero", "too much output"},
      {"missing", "", "docker-credential-missing: no such program"},
      {"../p", "", "no name of a credential program: \"../p\""},
  }));
  LoginFixture f;
  f.write_config(R"({"credsStore": ")" + name + "\"}");
  f.write_program("p", script);
  const auto login = f.login();
  REQUIRE_FALSE(login.ok());
  CHECK(login.error().code == ErrorCode::kInvalid);
  CHECK(login.error().message.find(message) != std::string::npos);
  CHECK(login.error().message.find("canary") == std::string::npos);
}

TEST_CASE("credential program: a token in place of a password is an identity token") {
  CHECK(parse_program_login(R"({"ServerURL": "r", "Username": "<token>", "Secret": "s"})")
            ->identity_token == "s");
}
