#include "src/repository/docker_config.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "lookout/encoding/base64.hpp"

using namespace lookout;
using namespace lookout::repository;

namespace {

RegistryLogin user(std::string name, std::string password) {
  RegistryLogin login;
  login.username = std::move(name);
  login.password = std::move(password);
  return login;
}

std::optional<RegistryLogin> found(const std::string& json, std::string_view host,
                                   std::string_view path = "team/app") {
  const auto config = parse_docker_config(json);
  REQUIRE(config.ok());
  const auto login = find_login(*config, host, path);
  REQUIRE(login.ok());
  return *login;
}

std::string with_key(const std::string& key) {
  return R"({"auths": {")" + key + R"(": {"username": "u", "password": "p"}}})";
}

}  // namespace

TEST_CASE("docker config: keys with and without scheme, path and case") {
  const std::string key = GENERATE(as<std::string>(), "reg.example.org:5000",
                                   "https://reg.example.org:5000", "http://REG.example.org:5000/",
                                   "https://reg.example.org:5000/v1/", "reg.example.org:5000/v2",
                                   "reg.example.org:5000/team", "reg.example.org:5000/team/app/");
  CAPTURE(key);
  CHECK(found(with_key(key), "Reg.example.org:5000") == user("u", "p"));
}

TEST_CASE("docker config: keys of other registries") {
  const std::string key =
      GENERATE(as<std::string>(), "reg.example.org", "reg.example.org:5001", "example.org:5000",
               "reg.example.org:5000.evil", "reg.example.org:5000/other",
               "reg.example.org:5000/team/app/sub", "reg.example.org:5000/te", "");
  CAPTURE(key);
  CHECK_FALSE(found(with_key(key), "reg.example.org:5000"));
}

TEST_CASE("docker config: the names of Docker Hub are one") {
  const std::string key = GENERATE(as<std::string>(), "https://index.docker.io/v1/", "docker.io",
                                   "registry-1.docker.io", "index.docker.io");
  const std::string host = GENERATE(as<std::string>(), "docker.io", "registry-1.docker.io");
  CHECK(found(with_key(key), host) == user("u", "p"));
}

TEST_CASE("docker config: the longest path wins") {
  const std::string json = R"({"auths": {
      "r": {"username": "host", "password": "p"},
      "r/team/app": {"username": "app", "password": "p"},
      "r/team": {"username": "team", "password": "p"}}})";
  CHECK(found(json, "r", "team/app")->username == "app");
  CHECK(found(json, "r", "team/app/sub")->username == "app");
  CHECK(found(json, "r", "team/apple")->username == "team");
  CHECK(found(json, "r", "other")->username == "host");
}

TEST_CASE("docker config: what an entry may hold") {
  const auto login = [](const std::string& entry) {
    return *found(R"({"auths": {"r": )" + entry + "}}", "r");
  };
  const auto auth = [](std::string_view text) {
    return R"({"auth": ")" + encoding::base64_encode(text) + "\"}";
  };
  CHECK(login(auth("u:p:q")) == user("u", "p:q"));
  CHECK(login(auth(std::string_view("u:p\0\0", 5))) == user("u", "p"));
  CHECK(login(auth("u:")) == user("u", ""));
  CHECK(login(R"({"username": "a", "password": "b", "auth": "dTpw", "email": "e"})") ==
        user("u", "p"));
  CHECK(login(R"({"identitytoken": "i", "auth": "PHRva2VuPjo="})").identity_token == "i");
  CHECK(login(R"({"registrytoken": "t"})").registry_token == "t");
}

TEST_CASE("docker config: an auth that is none is named by its registry, never quoted") {
  const std::string auth = GENERATE_COPY(as<std::string>(), "canary!", "Y2FuYXJ5",  // no colon
                                         "Y2FuYXJ5OmNhbmFyeQ");                     // no padding
  const auto config = parse_docker_config(R"({"auths": {"r": {"auth": ")" + auth +
                                          R"("}, "s": {"auth": "dTpw"}}})");
  REQUIRE(config.ok());
  const auto login = find_login(*config, "r", "");
  REQUIRE_FALSE(login.ok());
  CHECK(login.error().message.find(auth) == std::string::npos);
  CHECK(login.error().message.find("canary") == std::string::npos);
  CHECK(login.error().message.find("\"r\"") != std::string::npos);
  CHECK(find_login(*config, "s", "")->has_value());
}

TEST_CASE("docker config: credential programs, own before store") {
  const auto config = parse_docker_config(
      R"({"auths": {"gcr.io": {}}, "credHelpers": {"https://gcr.io": "gcloud", "x": 5},
          "credsStore": "pass", "HttpHeaders": {"User-Agent": "x"}})");
  REQUIRE(config.ok());
  CHECK(config->auths.empty());
  CHECK(credential_program(*config, "gcr.io") == "gcloud");
  CHECK(credential_program(*config, "other") == "pass");
  CHECK(credential_program(DockerConfig(), "other").empty());
}

TEST_CASE("docker config: other files are malformed, and not quoted") {
  const std::string text =
      GENERATE(as<std::string>(), "", "5", "\"canary\"", "{\"canary\"", "user: canary");
  const auto config = parse_docker_config(text);
  REQUIRE_FALSE(config.ok());
  CHECK(config.error().code == ErrorCode::kMalformed);
  CHECK(config.error().message.find("canary") == std::string::npos);
}

TEST_CASE("docker config: bounded in bytes and entries") {
  CHECK(parse_docker_config("{}" + std::string(kDockerConfigBytesMax, ' ')).error().code ==
        ErrorCode::kTooLarge);
  std::string json = R"({"auths": {)";
  for (std::size_t i = 0; i <= kDockerConfigEntriesMax; ++i) {
    json += "\"r" + std::to_string(i) + R"(": {"auth": "dTpw"},)";
  }
  json += R"("r": {}}})";
  CHECK(parse_docker_config(json).error().code == ErrorCode::kTooLarge);
}
