#include "src/repository/oci_token.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "test/repository/scan_fixture.hpp"

using namespace lookout;
using namespace lookout::repository;
using std::chrono::seconds;

namespace {

const TokenQuestion kQuestion{*http::parse_url("https://auth.example.org/token"), "reg",
                              "repository:a/b:pull"};

}  // namespace

TEST_CASE("token request: anonymous") {
  const auto request = token_request(kQuestion, {});
  CHECK(request.method == http::Method::kGet);
  CHECK(request.target == "/token?service=reg&scope=repository%3Aa%2Fb%3Apull");
  CHECK(request.headers.fields().empty());
}

TEST_CASE("token request: with a password") {
  RegistryLogin login;
  login.username = "user";
  login.password = "p:w";
  CHECK(header(token_request(kQuestion, login), "Authorization") == "Basic dXNlcjpwOnc=");
}

TEST_CASE("token request: a realm's own query stays, scopes stand apart, no service is none") {
  const TokenQuestion question{*http::parse_url("https://a/t?x=1&y"), "", "r:a:pull  r:b:pull"};
  CHECK(token_request(question, {}).target == "/t?x=1&y&scope=r%3Aa%3Apull&scope=r%3Ab%3Apull");
}

TEST_CASE("token request: nothing of a challenge gets out of its parameter") {
  const TokenQuestion question{kQuestion.realm, "a&scope=b\r\nX: y", "c d=e#f"};
  CHECK(token_request(question, {}).target ==
        "/token?service=a%26scope%3Db%0D%0AX%3A%20y&scope=c&scope=d%3De%23f");
}

TEST_CASE("token request: an identity token is exchanged in a body") {
  RegistryLogin login;
  login.identity_token = "canary+/=";
  login.username = "ignored";
  const auto request = token_request(kQuestion, login);
  CHECK(request.method == http::Method::kPost);
  CHECK(request.target == "/token");
  CHECK(header(request, "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(header(request, "Authorization").empty());
  CHECK(request.body ==
        "grant_type=refresh_token&service=reg&client_id=helm-lookout&"
        "scope=repository%3Aa%2Fb%3Apull&refresh_token=canary%2B%2F%3D");
}

TEST_CASE("token answer: by any of its two names") {
  const auto [text, expected] = GENERATE(table<std::string, RegistryToken>({
      {R"({"token": "t", "expires_in": 300, "issued_at": "2024-01-01T00:00:00Z"})",
       {"t", seconds(300)}},
      {R"({"access_token": "a"})", {"a", seconds(60)}},
      {R"({"token": "t", "access_token": "a", "expires_in": null})", {"t", seconds(60)}},
      {R"({"token": "", "access_token": "a", "expires_in": "300"})", {"a", seconds(60)}},
      {R"({"token": "t", "expires_in": 0})", {"t", seconds(60)}},
      {R"({"token": "t", "expires_in": -5})", {"t", seconds(60)}},
      {R"({"token": "t", "expires_in": 9223372036854775807})", {"t", kTokenLifetimeMax}},
      {R"({"token": "t", "expires_in": 1e300})", {"t", seconds(60)}},
  }));
  CAPTURE(text);
  CHECK(*parse_token(text) == expected);
}

TEST_CASE("token answer: what is none, or would split a header") {
  const std::string text =
      GENERATE(as<std::string>(), "", "{}", R"({"token": 5})", R"({"token": "canary\r\nX: y"})",
               R"({"token": "can ary"})", R"({"token": "canary\u00e4"})", R"({"token": "canary)",
               "{\"token\": \"" + std::string(kTokenBytesMax + 1, 'x') + "\"}");
  const auto token = parse_token(text);
  REQUIRE_FALSE(token.ok());
  CHECK(token.error().code == ErrorCode::kMalformed);
  CHECK(token.error().message.find("canary") == std::string::npos);
}
