// What a registry says of one chart version. Pure.
// Wire formats: OCI image manifest ("application/vnd.oci.image.manifest.v1+json") as `helm push`
// writes it, and its config blob, which is Chart.yaml as JSON:
//   {"config": {"mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": "sha256:..."},
//    "annotations": {"org.opencontainers.image.created": "2024-03-01T10:11:12Z", ...}}
//   {"name": "app", "version": "1.2.3", "appVersion": "4.5", "deprecated": true,
//    "description": "...", "icon": "https://..."}
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/helm/chart_index.hpp"

namespace lookout::repository {

inline constexpr std::size_t kManifestBytesMax = 4U << 20;
inline constexpr std::size_t kChartConfigBytesMax = 1U << 20;
inline constexpr std::size_t kAppVersionBytesMax = 256;  // kept of it

// All that may stand behind a tag, so that a registry answers with what is there.
inline constexpr std::string_view kManifestAccept =
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view kHelmConfigType = "application/vnd.cncf.helm.config.v1+json";

struct ChartFacts {
  std::string app_version;
  std::optional<std::int64_t> created_seconds;  // Unix
  bool deprecated = false;

  bool operator==(const ChartFacts&) const = default;
};

// A chart's manifest.
struct ChartManifest {
  std::string config_digest;                    // "sha256:" and 64 hex digits
  std::optional<std::int64_t> created_seconds;  // nullopt also for a date that is none

  bool operator==(const ChartManifest&) const = default;
};

// nullopt: a good manifest of something else (an image, an index, a signature).
// kMalformed: not JSON, or a config that has no digest.
Result<std::optional<ChartManifest>> parse_manifest(std::string_view json);

struct ChartConfig {
  ChartFacts facts;  // without a date, which the manifest tells
  helm::ChartAbout about;

  bool operator==(const ChartConfig&) const = default;
};
// Members of other types count as absent. kMalformed: not JSON.
Result<ChartConfig> parse_chart_config(std::string_view json);

// "sha256:" or "sha512:" and its digits, in lower case: safe inside a path.
bool is_digest(std::string_view text);

}  // namespace lookout::repository
