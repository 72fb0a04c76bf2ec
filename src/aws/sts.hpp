// AWS STS: temporary credentials of a role.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "lookout/aws/credentials.hpp"
#include "lookout/base/result.hpp"
#include "lookout/http/url.hpp"

#include "src/aws/source_context.hpp"

namespace lookout::aws {

struct StsEndpoint {
  http::Url url;
  std::string signing_region;
};

// AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, else the region's own; the global one where
// AWS_STS_REGIONAL_ENDPOINTS=legacy asks for it and the region is old enough. kInvalid.
Result<StsEndpoint> resolve_sts(const Environment& environment, const std::string& region);

struct RoleRequest {
  std::string role_arn;
  std::string session_name;  // "" = "helm-lookout"
  std::string external_id;
  std::optional<std::chrono::seconds> duration;  // nullopt: STS' default, an hour
};

// Signed by `base`.
Result<Credentials> assume_role(const SourceContext& context, const RoleRequest& role,
                                const Credentials& base);

// Unsigned; the token in this file, read each time because kubelet rotates it, is the proof.
Result<Credentials> assume_role_with_web_identity(const SourceContext& context,
                                                  const RoleRequest& role,
                                                  const std::string& token_path);

}  // namespace lookout::aws
