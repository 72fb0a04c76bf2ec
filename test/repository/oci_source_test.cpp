#include "src/repository/oci_source.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "test/repository/oci_fixture.hpp"

using namespace lookout;
using namespace lookout::repository;
using Versions = std::vector<std::string>;

namespace {

bool is_unchanged(const ScanOutcome& outcome) {
  return std::holds_alternative<Unchanged>(outcome);
}

}  // namespace

TEST_CASE("OCI source: versions with their facts") {
  OciFixture f;
  f.registry.push("team/app", "1.0.0", {.app_version = "4.5", .deprecated = true});
  f.registry.push("team/app", "2.0.0_build.5", {.created = "2024-03-01T10:11:12+01:00"});
  f.registry.push("team/app", "latest");
  const ScanData data = data_of(f.scan());
  REQUIRE(versions_of(data) == Versions{"app 2.0.0+build.5", "app 1.0.0"});
  const auto& versions = data.index.charts[0].versions;
  CHECK(versions[0].created_seconds == 1709284272);
  CHECK_FALSE(versions[0].deprecated);
  CHECK(versions[1].app_version == "4.5");
  CHECK(versions[1].deprecated);
  CHECK(data.index.skipped == std::array<std::uint64_t, helm::kSkippedEntryCount>{});
  CHECK(data.index_bytes > 0);
  CHECK(f.registry.requests_with("latest") == 0);
}

TEST_CASE("OCI source: a second scan asks only for what is new, and says unchanged") {
  OciFixture f;
  f.registry.push("team/app", "1.0.0");
  f.registry.push("team/app", "2.0.0");
  data_of(f.scan());
  f.registry.forget_requests();
  CHECK(is_unchanged(f.scan()));
  CHECK(f.registry.requests().size() == 2);
  CHECK(f.registry.requests_with("/manifests/2.0.0", http::Method::kHead) == 1);

  f.registry.forget_requests();
  f.registry.push("team/app", "latest");
  CHECK(is_unchanged(f.scan()));
  f.registry.push("team/app", "1.5.0");
  f.registry.remove("team/app", "1.0.0");
  CHECK(versions_of(data_of(f.scan())) == Versions{"app 2.0.0", "app 1.5.0"});
  CHECK(f.registry.requests_with("/manifests/") == 1);
}

TEST_CASE("OCI source: several charts below a path") {
  OciFixture f;
  f.source().path = GENERATE(as<std::string>(), "team", "");
  f.source().charts = {"web", "sub/app"};
  const std::string prefix = f.source().path.empty() ? "" : "team/";
  f.registry.push(prefix + "web", "1.0.0");
  f.registry.push(prefix + "sub/app", "2.0.0");
  CHECK(versions_of(data_of(f.scan())) == Versions{"app 2.0.0", "web 1.0.0"});
}

TEST_CASE("OCI source: pages, also a last one that is empty") {
  OciFixture f;
  f.registry.page_size = GENERATE(1U, 2U, 3U, 4U, 5U);
  for (const char* tag : {"1.0.0", "2.0.0", "3.0.0", "4.0.0"}) f.registry.push("team/app", tag);
  CHECK(versions_of(data_of(f.scan())).size() == 4);
}

TEST_CASE("OCI source: a moved tag is read again") {
  OciFixture f;
  f.registry.push("team/app", "1.0.0", {.app_version = "old"});
  CHECK(data_of(f.scan()).index.charts[0].versions[0].app_version == "old");
  f.registry.push("team/app", "1.0.0", {.app_version = "changed"});
  CHECK(data_of(f.scan()).index.charts[0].versions[0].app_version == "changed");
  CHECK(is_unchanged(f.scan()));
}

TEST_CASE("OCI source: an old tag that moved is read again in time") {
  OciFixture f;
  f.registry.push("team/app", "2.0.0");
  f.registry.push("team/app", "1.0.0");
  data_of(f.scan());
  f.registry.push("team/app", "1.0.0", {.deprecated = true});
  for (std::uint64_t i = 1; i < kOciRecheckScans; ++i) CHECK(is_unchanged(f.scan()));
  CHECK(data_of(f.scan()).index.charts[0].versions[1].deprecated);
}

TEST_CASE("OCI source: what is no chart is left out, and looked at again when it changes") {
  OciFixture f;
  f.registry.push("team/app", "1.0.0");
  f.registry.push("team/app", "2.0.0", {.config_type = "application/vnd.oci.image.config.v1+json"});
  CHECK(versions_of(data_of(f.scan())) == Versions{"app 1.0.0"});
  CHECK(is_unchanged(f.scan()));
  f.registry.push("team/app", "2.0.0");
  CHECK(versions_of(data_of(f.scan())) == Versions{"app 2.0.0", "app 1.0.0"});
}

TEST_CASE("OCI source: a registry that states no digests is not asked twice") {
  OciFixture f;
  f.registry.push("team/app", "1.0.0");
  bool stated = false;
  f.registry.fault = [&](const SeenRequest& seen) -> std::optional<fakes::ScriptedResponse> {
    if (stated || seen.request.target.find("/manifests/") == std::string::npos) {
      return std::nullopt;
    }
    stated = true;
    fakes::ScriptedResponse response = f.registry.serve(seen);
    stated = false;
    response.headers = {};
    return response;
  };
  CHECK(data_of(f.scan()).index.charts[0].versions[0].created_seconds);
  f.registry.forget_requests();
  CHECK(is_unchanged(f.scan()));
  CHECK(f.registry.requests_with("/manifests/") == 0);
}

TEST_CASE("OCI source: no chart tags is an index without charts") {
  OciFixture f;
  f.registry.push("team/app", "latest");
  CHECK(data_of(f.scan()).index.charts.empty());
}

TEST_CASE("OCI source: many versions are read over several scans, newest first") {
  OciFixture f;
  const std::size_t count = OciSourceReader::kManifestsMax + 10;
  for (std::size_t i = 0; i < count; ++i) {
    f.registry.push("team/app", "1." + std::to_string(i) + ".0");
  }
  const ScanData first = data_of(f.scan());
  CHECK(first.index.charts[0].versions.size() == count);
  CHECK(first.index.charts[0].versions[0].created_seconds);
  CHECK_FALSE(first.index.charts[0].versions[count - 1].created_seconds);
  CHECK(f.registry.requests_with("/manifests/") == OciSourceReader::kManifestsMax);
  CHECK(data_of(f.scan()).index.charts[0].versions[count - 1].created_seconds);
  CHECK(is_unchanged(f.scan()));
}

TEST_CASE("OCI source: facts take at most half of the time") {
  OciFixture f;
  for (int i = 0; i < 10; ++i) f.registry.push("team/app", "1." + std::to_string(i) + ".0");
  f.registry.fault = [&](const SeenRequest& seen) -> std::optional<fakes::ScriptedResponse> {
    if (seen.request.target.find("/blobs/") != std::string::npos) {
      f.clock.advance(std::chrono::seconds(6));
    }
    return std::nullopt;
  };
  CHECK(versions_of(data_of(f.scan())).size() == 10);
  CHECK(f.registry.requests_with("/blobs/") == 3);
}

TEST_CASE("OCI source: a chart that fails fails the scan and is named") {
  const auto [status, type] = GENERATE(table<int, ScanErrorType>({
      {403, ScanErrorType::kForbidden},
      {404, ScanErrorType::kNotFound},
      {429, ScanErrorType::kThrottled},
      {500, ScanErrorType::kHttpStatus},
      {401, ScanErrorType::kUnauthorized},
  }));
  OciFixture f;
  f.source().path = "team";
  f.source().charts = {"app", "web"};
  f.registry.push("team/app", "1.0.0");
  f.registry.push("team/web", "1.0.0");
  bool broken = true;
  f.registry.fault =
      [&, status = status](const SeenRequest& seen) -> std::optional<fakes::ScriptedResponse> {
    if (!broken || seen.request.target.find("/web/") == std::string::npos) return std::nullopt;
    return answer(status, {{"Retry-After", "7"}}, {R"({"errors": [{"code": "SOME_CODE"}]})"});
  };
  const ScanError error = error_of(f.scan());
  CHECK(error.type == type);
  CHECK(error.message.find("https://reg.example/v2/team/web/tags/list") != std::string::npos);
  CHECK(error.retry_after == std::chrono::seconds(7));
  broken = false;
  CHECK(versions_of(data_of(f.scan())) == Versions{"app 1.0.0", "web 1.0.0"});
}

TEST_CASE("OCI source: the registry's troubles with one version") {
  const auto [status, versions] = GENERATE(table<int, Versions>({
      {404, {"app 1.0.0"}},
      {410, {"app 1.0.0"}},
      {403, {"app 2.0.0", "app 1.0.0"}},
      {412, {"app 2.0.0", "app 1.0.0"}},
  }));
  OciFixture f;
  f.registry.push("team/app", "1.0.0");
  f.registry.push("team/app", "2.0.0");
  bool broken = true;
  f.registry.fault =
      [&, status = status](const SeenRequest& seen) -> std::optional<fakes::ScriptedResponse> {
    if (!broken || !seen.request.target.ends_with("/manifests/2.0.0")) return std::nullopt;
    return answer(status);
  };
  const ScanData data = data_of(f.scan());
  CHECK(versions_of(data) == versions);
  CHECK(data.index.charts[0].versions.back().created_seconds);
  CHECK(is_unchanged(f.scan()));
  broken = false;
  CHECK(versions_of(data_of(f.scan())) == Versions{"app 2.0.0", "app 1.0.0"});
}

TEST_CASE("OCI source: a throttled registry is asked for the rest in the next scan") {
  const std::string part = GENERATE(as<std::string>(), "/manifests/", "/blobs/");
  OciFixture f;
  for (const char* tag : {"1.0.0", "2.0.0", "3.0.0"}) f.registry.push("team/app", tag);
  bool throttled = true;
  std::size_t asked = 0;
  f.registry.fault = [&](const SeenRequest& seen) -> std::optional<fakes::ScriptedResponse> {
    if (seen.request.target.find(part) == std::string::npos || ++asked < 2 || !throttled) {
      return std::nullopt;
    }
    return answer(429);
  };
  const auto first = data_of(f.scan()).index.charts.at(0).versions;
  CHECK(first.size() == 3);
  CHECK(first[0].created_seconds);
  CHECK_FALSE(first[1].created_seconds);
  CHECK(asked == 2);
  throttled = false;
  CHECK(data_of(f.scan()).index.charts[0].versions[2].created_seconds);
}

TEST_CASE("OCI source: a version that makes the registry stumble is passed over") {
  const std::string part = GENERATE(as<std::string>(), "/manifests/2.0.0", "/blobs/");
  OciFixture f;
  for (const char* tag : {"1.0.0", "2.0.0"}) f.registry.push("team/app", tag);
  int stumbles = 0;
  f.registry.fault = [&](const SeenRequest& seen) -> std::optional<fakes::ScriptedResponse> {
    if (stumbles > 0 || seen.request.target.find(part) == std::string::npos) return std::nullopt;
    ++stumbles;
    return answer(500);
  };
  const auto versions = data_of(f.scan()).index.charts.at(0).versions;
  REQUIRE(versions.size() == 2);
  CHECK_FALSE(versions[0].created_seconds);
  CHECK(versions[1].created_seconds);
  CHECK(data_of(f.scan()).index.charts[0].versions[0].created_seconds);
}

TEST_CASE("OCI source: a registry that stumbles on and on fails, and what was read is kept") {
  OciFixture f;
  for (const char* tag : {"1.0.0", "2.0.0", "3.0.0", "4.0.0"}) f.registry.push("team/app", tag);
  bool broken = true;
  f.registry.fault = [&](const SeenRequest& seen) -> std::optional<fakes::ScriptedResponse> {
    const bool content = seen.request.target.find("/manifests/") != std::string::npos;
    if (!broken || !content || seen.request.target.ends_with("/4.0.0")) return std::nullopt;
    return answer(502);
  };
  CHECK(error_of(f.scan()).message ==
        "502 Bad Gateway from https://reg.example/v2/team/app/manifests/1.0.0");
  broken = false;
  f.registry.forget_requests();
  CHECK(data_of(f.scan()).index.charts[0].versions.back().created_seconds);
  CHECK(f.registry.requests_with("/manifests/4.0.0") == 0);
}

TEST_CASE("OCI source: content that cannot be read") {
  const auto [part, body, versions] = GENERATE(table<std::string, std::string, Versions>({
      {"/manifests/", "{\"config\"", {}},
      {"/manifests/", std::string(kManifestBytesMax + 1, ' '), {}},
      {"/manifests/",
       R"({"config": {"mediaType": "application/vnd.cncf.helm.config.v1+json"}})",
       {}},
      {"/blobs/", "{\"appVersion\"", {"app 1.0.0"}},
      {"/blobs/", std::string(kChartConfigBytesMax + 1, ' '), {"app 1.0.0"}},
  }));
  OciFixture f;
  f.registry.push("team/app", "1.0.0");
  f.registry.fault = [part = part, body = body](
                         const SeenRequest& seen) -> std::optional<fakes::ScriptedResponse> {
    if (seen.request.target.find(part) == std::string::npos) return std::nullopt;
    return answer(200, {}, {body});
  };
  const ScanData data = data_of(f.scan());
  CHECK(versions_of(data) == versions);
  if (!versions.empty()) CHECK(data.index.charts[0].versions[0].app_version.empty());
}

TEST_CASE("OCI source: a stop ends a scan") {
  OciFixture f;
  f.registry.push("team/app", "1.0.0");
  std::stop_source source;
  source.request_stop();
  CHECK(std::holds_alternative<Cancelled>(f.scan(source.get_token())));
}

TEST_CASE("OCI source: more versions than are kept") {
  OciFixture f;
  f.source().path = "team";
  std::string body = R"({"tags": ["0.0.0")";
  for (std::size_t i = 1; i < OciRegistry::kTagsMax; ++i) {
    body += ", \"1.0." + std::to_string(i) + "\"";
  }
  body += "]}";
  for (int i = 0; i < 11; ++i) f.source().charts.push_back("app" + std::to_string(i));
  f.registry.fault = [&](const SeenRequest&) { return std::optional(answer(200, {}, {body})); };
  CHECK(error_of(f.scan()).type == ScanErrorType::kTooLarge);
}
