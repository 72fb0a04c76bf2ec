#include "src/repository/oci_manifest.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lookout;
using namespace lookout::repository;

namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

std::string manifest_text(const std::string& config_type, const std::string& digest,
                          const std::string& annotations) {
  return R"({"schemaVersion": 2, "config": {"mediaType": ")" + config_type + R"(", "digest": ")" +
         digest + R"(", "size": 117}, "layers": [{"mediaType": )" +
         R"("application/vnd.cncf.helm.chart.content.v1.tar+gzip", "digest": "sha256:0"}], )" +
         R"("annotations": {)" + annotations + "}}";
}

}  // namespace

TEST_CASE("manifest: as helm push writes it") {
  const auto manifest = parse_manifest(
      manifest_text(std::string(kHelmConfigType), kDigest,
                    R"("org.opencontainers.image.created": "2024-03-01T10:11:12+01:00",)"
                    R"("org.opencontainers.image.version": "1.2.3")"));
  REQUIRE(manifest.ok());
  CHECK(**manifest == ChartManifest{kDigest, 1709284272});
}

TEST_CASE("manifest: a date that is none is absent") {
  const std::string created = GENERATE(
      as<std::string>(), "", R"("org.opencontainers.image.created": "yesterday")",
      R"("org.opencontainers.image.created": 5)", R"("org.opencontainers.image.created": {})");
  const auto manifest =
      parse_manifest(manifest_text(std::string(kHelmConfigType), kDigest, created));
  REQUIRE(manifest.ok());
  CHECK_FALSE((*manifest)->created_seconds);
}

TEST_CASE("manifest: of something else") {
  const std::string text =
      GENERATE_COPY(manifest_text("application/vnd.oci.image.config.v1+json", kDigest, ""),
                    std::string(R"({"manifests": [{"digest": "sha256:0"}]})"), std::string("[]"),
                    std::string(R"({"config": "application/vnd.cncf.helm.config.v1+json"})"),
                    std::string(R"({"layers": [{"config": {"mediaType": )"
                                R"("application/vnd.cncf.helm.config.v1+json"}}]})"));
  CAPTURE(text);
  const auto manifest = parse_manifest(text);
  REQUIRE(manifest.ok());
  CHECK_FALSE(*manifest);
}

TEST_CASE("manifest: digests that are none") {
  const std::string digest =
      GENERATE(std::string(), std::string("sha256:abc"), "md5:" + std::string(32, 'a'),
               "sha256:" + std::string(63, 'a') + "/", "sha256:" + std::string(64, 'A'),
               "sha256:../../../../" + std::string(52, 'a'));
  CAPTURE(digest);
  CHECK_FALSE(is_digest(digest));
  const auto manifest = parse_manifest(manifest_text(std::string(kHelmConfigType), digest, ""));
  REQUIRE_FALSE(manifest.ok());
  CHECK(manifest.error().code == ErrorCode::kMalformed);
}

TEST_CASE("manifest: cut or no JSON") {
  const std::string text = manifest_text(std::string(kHelmConfigType), kDigest, "");
  CHECK_FALSE(parse_manifest(text.substr(0, text.size() - 1)).ok());
  CHECK_FALSE(parse_manifest("").ok());
  CHECK_FALSE(parse_manifest("<html></html>").ok());
}

TEST_CASE("digest: sha256 and sha512") {
  CHECK(is_digest(kDigest));
  CHECK(is_digest("sha512:" + std::string(128, '0')));
  CHECK_FALSE(is_digest("sha512:" + std::string(64, '0')));
}

TEST_CASE("chart config: app version and deprecation") {
  const auto config = parse_chart_config(
      R"({"name": "app", "version": "1.2.3", "appVersion": "4.5", "deprecated": true,
          "description": "An app.", "icon": "https://x/icon.svg",
          "dependencies": [{"appVersion": "no"}], "annotations": {"deprecated": "false"}})");
  REQUIRE(config.ok());
  CHECK(*config == ChartConfig{{"4.5", std::nullopt, true}, {"An app.", "https://x/icon.svg"}});
}

TEST_CASE("chart config: members of other types count as absent") {
  const std::string text =
      GENERATE(as<std::string>(), "{}", R"({"appVersion": 4.5})",
               R"({"appVersion": null, "deprecated": "true"})", "[]",
               R"({"deprecated": {"deprecated": true}})", R"({"description": 5, "icon": ["x"]})");
  CAPTURE(text);
  CHECK(*parse_chart_config(text) == ChartConfig());
  CHECK_FALSE(parse_chart_config(text + "}").ok());
}

TEST_CASE("chart config: long texts are cut between characters, a long icon is none") {
  const auto kept = [](const std::string& name, const std::string& text) {
    return *parse_chart_config("{\"" + name + "\": \"" + text + "\"}");
  };
  const auto app_version = [&](const std::string& text) {
    return kept("appVersion", text).facts.app_version;
  };
  CHECK(app_version(std::string(1000, 'x')) == std::string(kAppVersionBytesMax, 'x'));
  CHECK(app_version(std::string(kAppVersionBytesMax - 1, 'x') + "\xc3\xa4") ==
        std::string(kAppVersionBytesMax - 1, 'x'));
  CHECK(kept("description", std::string(5000, 'x')).about.description.size() ==
        helm::ChartAbout::kDescriptionBytesMax);
  const std::size_t icon_max = helm::ChartAbout::kIconBytesMax;
  CHECK(kept("icon", std::string(icon_max, 'x')).about.icon.size() == icon_max);
  CHECK(kept("icon", std::string(icon_max + 1, 'x')).about.icon.empty());
}
