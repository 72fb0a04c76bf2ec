#include "src/repository/secret_value.hpp"

#include <catch2/catch.hpp>

#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using lookout::testing::TemporaryFolder;

namespace {

const std::string kCanary = "c4n4ry";

}  // namespace

TEST_CASE("secret value: the environment wins over the file, the file over the value") {
  const TemporaryFolder folder;
  const aws::Environment environment{{"TOKEN", "from environment"}};
  Secret secret{.value = "from settings"};
  CHECK(read_secret(secret, environment).value() == "from settings");
  secret.file = folder.write("token", "from file");
  CHECK(read_secret(secret, environment).value() == "from file");
  secret.environment = "TOKEN";
  CHECK(read_secret(secret, environment).value() == "from environment");
}

TEST_CASE("secret value: a file is read again each time") {
  const TemporaryFolder folder;
  const Secret secret{.file = folder.write("token", "old\n")};
  CHECK(read_secret(secret, {}).value() == "old");
  folder.write("token", "new\r\n");
  CHECK(read_secret(secret, {}).value() == "new");
}

TEST_CASE("secret value: nothing given is empty, what is given must not be") {
  const TemporaryFolder folder;
  CHECK(read_secret({}, {}).value().empty());
  CHECK(read_secret({.file = folder.write("empty", "\n")}, {}).error().code == ErrorCode::kInvalid);
  CHECK(read_secret({.environment = "EMPTY"}, {{"EMPTY", ""}}).error().code == ErrorCode::kInvalid);
}

TEST_CASE("secret value: what would split a header is refused and not quoted") {
  const TemporaryFolder folder;
  const std::string text = GENERATE_COPY(kCanary + "\r\nX-Evil: 1", kCanary + "\n" + kCanary,
                                         kCanary + std::string("\0x", 2), kCanary + "\x7f");
  const auto place = GENERATE(0, 1, 2);
  Secret secret;
  if (place == 0) secret.value = text;
  if (place == 1) secret.file = folder.write("token", text);
  if (place == 2) secret.environment = "TOKEN";
  const auto read = read_secret(secret, {{"TOKEN", text}});
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().code == ErrorCode::kInvalid);
  CHECK_THAT(read.error().message, !Catch::Contains(kCanary));
}

TEST_CASE("secret value: what cannot be read is named") {
  const TemporaryFolder folder;
  CHECK_THAT(read_secret({.file = folder.path("gone")}, {}).error().message,
             Catch::Contains("gone"));
  CHECK_THAT(read_secret({.environment = "GONE"}, {}).error().message, Catch::Contains("GONE"));
  const std::string large(kSecretBytesMax + 1, 'x');
  CHECK(read_secret({.file = folder.write("large", large)}, {}).error().code ==
        ErrorCode::kInvalid);
  CHECK(read_secret({.environment = "LARGE"}, {{"LARGE", large}}).error().code ==
        ErrorCode::kInvalid);
}

TEST_CASE("secret value: TLS texts are taken whole") {
  const TemporaryFolder folder;
  TlsSettings settings;
  settings.ca.file = folder.write("ca.pem", "line 1\nline 2\n");
  settings.cert.value = "cert\n";
  settings.key.environment = "KEY";
  settings.server_name = "inner.example";
  settings.insecure_skip_verify = true;
  const auto options = read_tls(settings, {{"KEY", "key\n"}});
  REQUIRE(options.ok());
  CHECK(*options == http::TlsOptions{"line 1\nline 2\n", "cert\n", "key\n", true, "inner.example"});
  settings.ca.file = folder.write("ca.pem", " \n");
  CHECK(read_tls(settings, {{"KEY", "key\n"}}).error().code == ErrorCode::kInvalid);
}

TEST_CASE("secret value: basic and bearer become Authorization, bearer wins") {
  HttpAuth auth;
  CHECK(read_authorization(auth, {}).value().empty());
  auth.username.value = "Aladdin";
  auth.password.value = "open sesame";
  CHECK(read_authorization(auth, {}).value() == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  auth.bearer_token.value = "token";
  CHECK(read_authorization(auth, {}).value() == "Bearer token");
}

TEST_CASE("secret value: custom headers follow Authorization") {
  HttpAuth auth;
  auth.bearer_token.value = "token";
  auth.headers = {{"X-API-Key", Secret{.value = "key"}}, {"X-Other", Secret{.environment = "O"}}};
  const auto headers = read_auth_headers(auth, {{"O", "other"}});
  REQUIRE(headers.ok());
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"Authorization", "Bearer token"}, {"X-API-Key", "key"}, {"X-Other", "other"}};
  CHECK(headers->fields() == expected);
}

TEST_CASE("secret value: header names that break or change the request are refused") {
  const auto name = GENERATE("", "X Y", "X:Y", "X\r\nY", "Host", "content-length",
                             "Transfer-Encoding", "Connection", "Accept-Encoding", "User-Agent");
  HttpAuth auth;
  auth.headers = {{name, Secret{.value = kCanary}}};
  const auto headers = read_auth_headers(auth, {});
  REQUIRE_FALSE(headers.ok());
  CHECK_THAT(headers.error().message, !Catch::Contains(kCanary));
}
