#include "src/repository/oci_authorizer.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "test/repository/oci_fixture.hpp"
#include "test/system/temporary_folder.hpp"

using namespace lookout;
using namespace lookout::repository;
using lookout::testing::TemporaryFolder;
using Access = FakeRegistry::Access;

namespace {

constexpr const char* kBasic = "Basic dXNlcjpjYW5hcnk=";  // user:canary

struct AccessFixture : OciFixture {
  AccessFixture() {
    registry.push("team/app", "1.0.0");
    registry.push("team/app", "2.0.0");
  }
  void use_password() {
    source().auth.username.value = "user";
    source().auth.password.value = "canary";
  }
  std::size_t token_requests() {
    return registry.requests_with("/token") + registry.requests_with("/token", http::Method::kPost);
  }
};

bool carries(const SeenRequest& seen, const std::string& text) {
  if (seen.request.target.find(text) != std::string::npos) return true;
  if (seen.request.body.find(text) != std::string::npos) return true;
  for (const auto& [name, value] : seen.request.headers.fields()) {
    if (value.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("OCI access: nothing is sent to a registry that asks for nothing") {
  AccessFixture f;
  f.use_password();
  data_of(f.scan());
  for (const SeenRequest& seen : f.registry.requests()) {
    CHECK(header(seen.request, "Authorization").empty());
  }
}

TEST_CASE("OCI access: Basic is remembered") {
  AccessFixture f;
  f.use_password();
  f.registry.access = Access::kBasic;
  f.registry.authorization = kBasic;
  data_of(f.scan());
  CHECK(f.registry.requests_with("/tags/list") == 2);
  CHECK(f.registry.requests_with("/manifests/") == 2);
  f.registry.forget_requests();
  CHECK(std::holds_alternative<Unchanged>(f.scan()));
  CHECK(f.registry.requests_with("/tags/list") == 1);
}

TEST_CASE("OCI access: a wrong password, or none, is unauthorized and not shown") {
  AccessFixture f;
  const bool given = GENERATE(true, false);
  if (given) f.use_password();
  f.registry.access = Access::kBasic;
  f.registry.authorization = "Basic other";
  const ScanError error = error_of(f.scan());
  CHECK(error.type == ScanErrorType::kUnauthorized);
  CHECK(error.message.find("canary") == std::string::npos);
  CHECK(f.registry.requests().size() == (given ? 2 : 1));
  const ScanError again = error_of(f.scan());
  CHECK(again.type == ScanErrorType::kUnauthorized);
  CHECK(again.message == "401 Unauthorized from https://reg.example/v2/team/app/tags/list: " +
                             std::string(given ? "the credentials are refused"
                                               : "no credentials for this registry"));
}

TEST_CASE("OCI access: a rotated password is read when the old one is refused") {
  const TemporaryFolder folder;
  AccessFixture f;
  f.use_password();
  f.source().auth.password = Secret{.file = folder.write("password", "canary\n")};
  f.registry.access = Access::kBasic;
  f.registry.authorization = kBasic;
  data_of(f.scan());
  folder.write("password", "rotated\n");
  f.registry.authorization = "Basic dXNlcjpyb3RhdGVk";
  CHECK(std::holds_alternative<Unchanged>(f.scan()));
}

TEST_CASE("OCI access: a token for a scope serves until it expires") {
  AccessFixture f;
  f.registry.access = Access::kToken;
  if (GENERATE(true, false)) {
    f.use_password();
    f.registry.authorization = kBasic;
  }
  data_of(f.scan());
  CHECK(f.token_requests() == 1);
  f.registry.forget_requests();
  CHECK(std::holds_alternative<Unchanged>(f.scan()));
  CHECK(f.token_requests() == 0);
  f.clock.advance(std::chrono::seconds(296));
  CHECK(std::holds_alternative<Unchanged>(f.scan()));
  CHECK(f.token_requests() == 1);
}

TEST_CASE("OCI access: a revoked token is replaced") {
  AccessFixture f;
  f.registry.access = Access::kToken;
  data_of(f.scan());
  f.registry.revoke_tokens();
  CHECK(std::holds_alternative<Unchanged>(f.scan()));
  CHECK(f.token_requests() == 2);
}

TEST_CASE("OCI access: lists and content may want different scopes") {
  AccessFixture f;
  f.registry.access = Access::kToken;
  f.registry.tags_action = "metadata_read";
  data_of(f.scan());
  CHECK(f.token_requests() == 2);
  CHECK(std::holds_alternative<Unchanged>(f.scan()));
  CHECK(f.token_requests() == 2);
}

TEST_CASE("OCI access: the token goes to the registry, the password to the realm alone") {
  AccessFixture f;
  f.use_password();
  f.registry.access = Access::kToken;
  f.registry.authorization = kBasic;
  data_of(f.scan());
  for (const SeenRequest& seen : f.registry.requests()) {
    const bool realm = seen.origin == FakeRegistry::kAuthOrigin;
    CHECK(carries(seen, "dXNlcjpjYW5hcnk=") == realm);
    if (realm) CHECK_FALSE(carries(seen, "token-1"));
  }
}

TEST_CASE("OCI access: an identity token of docker's configuration is exchanged") {
  const TemporaryFolder folder;
  AccessFixture f;
  f.registry.access = Access::kToken;
  f.source().docker_config_file =
      folder.write("config.json", R"({"auths": {"reg.example": {"identitytoken": "canary"}}})");
  data_of(f.scan());
  CHECK(f.registry.requests_with("/token", http::Method::kPost) == 1);
  CHECK(f.registry.requests_with("canary") == 0);
}

TEST_CASE("OCI access: a bearer token of the settings needs no token service") {
  AccessFixture f;
  f.source().auth.bearer_token.value = "canary";
  f.registry.access = Access::kToken;
  const ScanError error = error_of(f.scan());
  CHECK(error.type == ScanErrorType::kUnauthorized);
  CHECK(error.message.find("canary") == std::string::npos);
  CHECK(f.token_requests() == 0);
  CHECK(header(f.registry.requests().at(1).request, "Authorization") == "Bearer canary");
}

TEST_CASE("OCI access: a realm where credentials may not go") {
  const std::string realm =
      GENERATE(as<std::string>(), "http://auth.example/token", "http://169.254.169.254/token",
               "https://169.254.169.254/token", "https://[fe80::1]/token",
               "http://reg.example/token", "https://localhost/token",
               "https://metadata.google.internal/token", "ftp://auth.example/", "not a URL");
  CAPTURE(realm);
  AccessFixture f;
  f.use_password();
  f.registry.access = Access::kToken;
  f.registry.realm = realm;
  const ScanError error = error_of(f.scan());
  CHECK(error.type == ScanErrorType::kRedirect);
  CHECK(f.registry.requests().size() == 1);
}

TEST_CASE("OCI access: over plain http credentials stay on the registry's host") {
  const auto [realm, password, allowed] = GENERATE(table<std::string, bool, bool>({
      {"http://reg.example:5001/token", true, true},
      {"https://auth.example/token", true, true},
      {"http://auth.example/token", true, false},
      {"http://auth.example/token", false, true},
      {"http://127.0.0.1/token", true, false},
  }));
  CAPTURE(realm, password);
  AccessFixture f;
  f.source().plain_http = true;
  if (password) f.use_password();
  std::size_t asked = 0;
  f.registry.fault = [&, realm = realm](const SeenRequest& seen) {
    if (seen.request.target.starts_with("/token")) {
      ++asked;
      return std::optional(answer(403));
    }
    return std::optional(answer(401, {{"WWW-Authenticate", "Bearer realm=\"" + realm + "\""}}));
  };
  CHECK(error_of(f.scan()).type ==
        (allowed ? ScanErrorType::kForbidden : ScanErrorType::kRedirect));
  CHECK(asked == (allowed ? 1 : 0));
}

TEST_CASE("OCI access: a token service that refuses or fails") {
  const auto [reply, type] = GENERATE(table<fakes::ScriptedResponse, ScanErrorType>({
      {answer(401), ScanErrorType::kUnauthorized},
      {answer(403), ScanErrorType::kForbidden},
      {answer(429), ScanErrorType::kThrottled},
      {answer(302, {{"Location", "https://evil.example/"}}), ScanErrorType::kRedirect},
      {answer(500), ScanErrorType::kHttpStatus},
      {answer(200, {}, {"<html>canary</html>"}), ScanErrorType::kMalformed},
      {answer(200, {}, {R"({"token": "can\r\nary"})"}), ScanErrorType::kMalformed},
      {answer(200, {}, {std::string(kTokenAnswerBytesMax + 1, ' ')}), ScanErrorType::kTooLarge},
  }));
  AccessFixture f;
  f.use_password();
  f.registry.access = Access::kToken;
  f.registry.fault = [reply = reply](const SeenRequest& seen) {
    return seen.origin == FakeRegistry::kAuthOrigin ? std::optional(reply) : std::nullopt;
  };
  const ScanError error = error_of(f.scan());
  CHECK(error.type == type);
  CHECK(error.message.find("https://auth.example/token") != std::string::npos);
  CHECK(error.message.find("canary") == std::string::npos);
  CHECK(error.message.find("scope") == std::string::npos);
}

TEST_CASE("OCI access: a 401 without a challenge that we know") {
  AccessFixture f;
  f.use_password();
  f.registry.fault = [](const SeenRequest&) {
    return std::optional(answer(401, {{"WWW-Authenticate", "Negotiate"}}));
  };
  CHECK(error_of(f.scan()).message ==
        "401 Unauthorized from https://reg.example/v2/team/app/tags/list: "
        "it asks for neither Basic nor Bearer");
}
