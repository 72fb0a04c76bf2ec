#include "lookout/helm/secret_meta.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace lookout::helm {
namespace {

TEST_CASE("storage name: release and revision") {
  const auto [name, release, revision] = GENERATE(table<std::string, std::string, Revision>({
      {"sh.helm.release.v1.web.v1", "web", 1},
      {"sh.helm.release.v1.web.v10", "web", 10},
      {"sh.helm.release.v1.a.b-c.v3", "a.b-c", 3},
      {"sh.helm.release.v1.a.v2.v3", "a.v2", 3},
      {"sh.helm.release.v1.v1.v1", "v1", 1},
      {"sh.helm.release.v1.0.v2147483647", "0", 2147483647},
      {"sh.helm.release.v1.a12345678901234567890123456789012345678901234567890.b.v1",
       "a12345678901234567890123456789012345678901234567890.b", 1},
  }));
  CAPTURE(name);
  const ParsedName parsed = parse_storage_name(name);
  REQUIRE(parsed.name.has_value());
  CHECK(parsed.name->release == release);
  CHECK(parsed.name->revision == revision);
  CHECK(storage_name(release, revision) == name);
}

TEST_CASE("storage name: what is no canonical form is bad") {
  const std::string name = GENERATE(
      as<std::string>{}, "", "web", "sh.helm.release.v1", "sh.helm.release.v1.",
      "sh.helm.release.v1.web", "sh.helm.release.v1.web.1", "sh.helm.release.v1.web.v",
      "sh.helm.release.v1.web.v0", "sh.helm.release.v1.web.v01", "sh.helm.release.v1.web.v-1",
      "sh.helm.release.v1.web.v+1", "sh.helm.release.v1.web.v1 ", "sh.helm.release.v1.web.v1x",
      "sh.helm.release.v1.web.v2147483648", "sh.helm.release.v1.web.v4294967297",
      "sh.helm.release.v1.web.v99999999999999999999", "sh.helm.release.v1..v1",
      "sh.helm.release.v1.v1", "sh.helm.release.v1.-a.v1", "sh.helm.release.v1.a-.v1",
      "sh.helm.release.v1.a..b.v1", "sh.helm.release.v1..a.v1", "sh.helm.release.v1.A.v1",
      "sh.helm.release.v1.a_b.v1", "SH.helm.release.v1.web.v1", "xsh.helm.release.v1.web.v1",
      "sh.helm.release.v01.web.v1", "sh.helm.release.vx.web.v1", "sh.helm.release.v.web.v1",
      "sh.helm.release.v2");
  CAPTURE(name);
  const ParsedName parsed = parse_storage_name(name);
  CHECK_FALSE(parsed.name.has_value());
  CHECK(parsed.ignored == IgnoredName::kBadName);
}

TEST_CASE("storage name: other storage versions are told apart") {
  const std::string name =
      GENERATE(as<std::string>{}, "sh.helm.release.v2.web.v1", "sh.helm.release.v10.web.v1",
               "sh.helm.release.v0.web.v1", "sh.helm.release.v3.anything");
  CAPTURE(name);
  const ParsedName parsed = parse_storage_name(name);
  CHECK_FALSE(parsed.name.has_value());
  CHECK(parsed.ignored == IgnoredName::kUnsupportedVersion);
}

TEST_CASE("ignored names: reasons are the label values of the metric") {
  CHECK(ignored_name_reason(IgnoredName::kBadName) == "bad_name");
  CHECK(ignored_name_reason(IgnoredName::kUnsupportedVersion) == "unsupported_version");
}

TEST_CASE("status: Helm's nine are read back from their names, nothing else is") {
  for (int i = 0; i < kStatusCount; ++i) {
    const auto status = static_cast<Status>(i);
    CHECK(parse_status(status_name(status)) == status);
  }
  CHECK(status_name(Status::kPendingRollback) == "pending-rollback");
  CHECK(status_name(Status::kUninstalled) == "uninstalled");
  const std::string other = GENERATE(as<std::string>{}, "", "Deployed", "pending", "deployed ");
  CHECK_FALSE(parse_status(other).has_value());
}

TEST_CASE("secret metadata: a label by its key") {
  const SecretMeta meta{"ns", "name", "uid", "7", {{"owner", "helm"}, {"status", ""}}, 0};
  REQUIRE(meta.label("owner") != nullptr);
  CHECK(*meta.label("owner") == "helm");
  REQUIRE(meta.label("status") != nullptr);
  CHECK(meta.label("status")->empty());
  CHECK(meta.label("own") == nullptr);
}

}  // namespace
}  // namespace lookout::helm
