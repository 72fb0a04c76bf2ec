#include "src/repository/oci_registry.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "test/repository/oci_fixture.hpp"

using namespace lookout;
using namespace lookout::repository;

namespace {

using Reply = std::optional<fakes::ScriptedResponse>;

fakes::ScriptedResponse redirect(const std::string& location) {
  return answer(307, {{"Location", location}});
}

bool identifies_us(const http::Request& request) {
  return request.headers.find("Authorization") != nullptr ||
         request.headers.find("X-Key") != nullptr;
}

// Answers blobs with a redirect, and what it leads to with a config.
struct CdnFixture : OciFixture {
  std::string config = R"({"name": "app", "version": "1.0.0", "appVersion": "4.5", )"
                       R"("deprecated": false})";

  explicit CdnFixture(const std::string& location) {
    source().auth.username.value = "user";
    source().auth.password.value = "canary";
    source().auth.headers = {{"X-Key", Secret{.value = "canary"}}};
    registry.access = FakeRegistry::Access::kBasic;
    registry.authorization = "Basic dXNlcjpjYW5hcnk=";
    registry.push("team/app", "1.0.0", {.app_version = "4.5"});
    registry.fault = [this, location](const SeenRequest& seen) -> Reply {
      if (seen.request.target.find("/blobs/") != std::string::npos) return redirect(location);
      if (seen.origin == FakeRegistry::kOrigin) return std::nullopt;
      return answer(200, {}, {config});
    };
  }
};

}  // namespace

TEST_CASE("registry URL: host, port, scheme, Docker Hub's API") {
  const auto [host, plain, expected] = GENERATE(table<std::string, bool, std::string>({
      {"reg.example", false, "https://reg.example:443"},
      {"reg.example:5000", true, "http://reg.example:5000"},
      {"[::1]:5000", true, "http://[::1]:5000"},
      {"docker.io", false, "https://registry-1.docker.io:443"},
      {"index.docker.io", false, "https://registry-1.docker.io:443"},
  }));
  OciSource source;
  source.host = host;
  source.plain_http = plain;
  CHECK(registry_url(source)->origin() == expected);
  source.host = "bad host";
  CHECK_FALSE(registry_url(source).ok());
}

TEST_CASE("OCI registry: requests say who we are and what we take") {
  OciFixture f;
  f.source().auth.headers = {{"X-Key", Secret{.value = "key"}}};
  f.registry.push("team/app", "1.0.0");
  data_of(f.scan());
  for (const SeenRequest& seen : f.registry.requests()) {
    CHECK(header(seen.request, "User-Agent").starts_with("helm-lookout/"));
    CHECK(header(seen.request, "X-Key") == "key");
  }
  CHECK(header(f.registry.requests().at(1).request, "Accept") == kManifestAccept);
}

TEST_CASE("OCI registry: blobs may come from elsewhere, without anything of ours") {
  CdnFixture f("https://cdn.example/blob?X-Amz-Signature=canary");
  CHECK(data_of(f.scan()).index.charts.at(0).versions.at(0).app_version == "4.5");
  const SeenRequest& last = f.registry.requests().back();
  CHECK(last.origin == "https://cdn.example:443");
  CHECK(last.request.target == "/blob?X-Amz-Signature=canary");
  CHECK_FALSE(identifies_us(last.request));
}

TEST_CASE("OCI registry: what does not match its digest is not believed") {
  CdnFixture f("https://cdn.example/blob");
  f.config = R"({"appVersion": "forged", "deprecated": true})";
  const auto version = data_of(f.scan()).index.charts.at(0).versions.at(0);
  CHECK(version.app_version.empty());
  CHECK_FALSE(version.deprecated);
  CHECK(version.created_seconds);
}

TEST_CASE("OCI registry: not even back to us from elsewhere") {
  CdnFixture f("https://cdn.example/blob");
  const auto first = f.registry.fault;
  f.registry.fault = [first](const SeenRequest& seen) -> Reply {
    if (seen.request.target == "/back") return answer(401, {{"WWW-Authenticate", "Basic"}});
    if (seen.origin != FakeRegistry::kOrigin) return redirect("https://reg.example/back");
    return first(seen);
  };
  const ScanError error = error_of(f.scan());
  CHECK(error.type == ScanErrorType::kUnauthorized);
  CHECK_FALSE(identifies_us(f.registry.requests().back().request));
}

TEST_CASE("OCI registry: places no redirect may lead to") {
  const std::string location =
      GENERATE(as<std::string>(), "http://cdn.example/blob", "https://169.254.169.254/latest",
               "https://[fe80::1]/", "https://localhost/blob", "https://127.0.0.1/",
               "file:///etc/passwd", "https://2852039166/");
  CAPTURE(location);
  CdnFixture f(location);
  const ScanError error = error_of(f.scan());
  CHECK(error.type == ScanErrorType::kRedirect);
  CHECK(f.registry.requests().back().origin == FakeRegistry::kOrigin);
}

TEST_CASE("OCI registry: redirects are counted, secrets in them are not shown") {
  CdnFixture f("https://cdn.example/0");
  const auto first = f.registry.fault;
  int hops = 0;
  f.registry.fault = [&hops, first](const SeenRequest& seen) -> Reply {
    if (seen.origin == FakeRegistry::kOrigin) return first(seen);
    return redirect("https://cdn.example/" + std::to_string(++hops) + "?secret=canary");
  };
  const ScanError error = error_of(f.scan());
  CHECK(error.type == ScanErrorType::kRedirect);
  CHECK(error.message.find("canary") == std::string::npos);
  CHECK(hops == OciRegistry::kRedirectsMax);
}

TEST_CASE("OCI registry: a redirect within the registry keeps what identifies us") {
  CdnFixture f("/elsewhere/blob");
  const auto first = f.registry.fault;
  f.registry.fault = [&f, first](const SeenRequest& seen) -> Reply {
    if (seen.request.target != "/elsewhere/blob") return first(seen);
    return answer(200, {}, {f.config});
  };
  CHECK(data_of(f.scan()).index.charts.at(0).versions.at(0).app_version == "4.5");
  CHECK(identifies_us(f.registry.requests().back().request));
}

TEST_CASE("OCI registry: the registry's error code is shown, other text is not") {
  const auto [body, detail] = GENERATE(table<std::string, std::string>({
      {R"({"errors": [{"code": "NAME_UNKNOWN", "message": "canary"}]})", " (NAME_UNKNOWN)"},
      {R"({"errors": [{"code": "canary\r\nx"}]})", ""},
      {"<html>canary</html>", ""},
  }));
  OciFixture f;
  f.registry.fault = [body = body](const SeenRequest&) { return Reply(answer(404, {}, {body})); };
  CHECK(error_of(f.scan()).message ==
        "404 Not Found" + detail + " from https://reg.example/v2/team/app/tags/list");
}

TEST_CASE("OCI registry: settings that cannot be used are credentials' errors") {
  OciFixture f;
  if (GENERATE(true, false)) {
    f.settings.tls.ca.file = "/nonexistent/ca.pem";
  } else {
    f.source().auth.headers = {{"X-Key", Secret{.environment = "NOT_SET"}}};
  }
  CHECK(error_of(f.scan()).type == ScanErrorType::kCredentials);
  CHECK(f.registry.requests().empty());
}
