// Helm releases made up from a few facts: the payload's JSON in the field order of Helm
// 3's Go structs, gzip, base64, and the Secret around it with Helm's labels.
// Deterministic: the same facts give the same bytes on every machine.
// Source: Helm's pkg/release, pkg/chart, pkg/storage/driver/{util,secrets,cfgmaps}.go.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "test/fakes/chart_samples.hpp"
#include "test/fakes/object_store.hpp"

namespace lookout::fakes {

struct ReleaseSpec {
  std::string ns = "default";
  std::string name;
  std::uint32_t revision = 1;
  std::string status = "deployed";
  ChartSample chart = chart_samples().front();
  ChartVersionSample version = chart_samples().front().versions.front();
  std::string description = "Install complete";
  std::int64_t first_deployed_seconds = 1'700'000'000;  // Unix
  std::int64_t last_deployed_seconds = 1'700'000'000;
};

std::string release_json(const ReleaseSpec& spec);
// base64(gzip(release_json)): data.release as protobuf and ConfigMaps hold it.
std::string release_payload(const ReleaseSpec& spec);

// "sh.helm.release.v1.<name>.v<revision>" with labels, without a payload.
Object release_object(const ReleaseSpec& spec, Resource resource = Resource::kSecrets);
// With its payload.
Object whole_release(const ReleaseSpec& spec, Resource resource = Resource::kSecrets);

}  // namespace lookout::fakes
