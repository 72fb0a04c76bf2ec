// Credentials from an endpoint beside the container: ECS, EKS Pod Identity.
#pragma once

#include "lookout/base/result.hpp"
#include "lookout/http/url.hpp"

#include "src/aws/source_context.hpp"

namespace lookout::aws {

// Whether AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI names one.
bool has_container_endpoint(const Environment& environment);

// Of the two, the relative one wins. A full one is https, or its host is one of loopback's
// addresses, "localhost", 169.254.170.2, 169.254.170.23 or fd00:ec2::23, so that nobody is
// made to send the token elsewhere in the clear. kInvalid.
Result<http::Url> container_url(const Environment& environment);

// REQUIRES: has_container_endpoint
Result<Credentials> container_credentials(const SourceContext& context);

}  // namespace lookout::aws
