// GET /version: which Kubernetes answers. Source: k8s.io/apimachinery/pkg/version.Info.
#pragma once

#include <compare>
#include <cstdint>
#include <stop_token>
#include <string_view>

#include "lookout/base/result.hpp"
#include "lookout/kube/api_client.hpp"

namespace lookout::kube {

struct ServerVersion {
  std::uint32_t major = 0;
  std::uint32_t minor = 0;

  auto operator<=>(const ServerVersion&) const = default;
};

// {"major":"1","minor":"33+",...}: digits count, what follows them does not. kMalformed.
Result<ServerVersion> parse_server_version(std::string_view json);

Result<ServerVersion> read_server_version(ApiClient& client, std::stop_token stop);

}  // namespace lookout::kube
