// Credentials of the machine's role from the EC2 instance metadata service, version 2
// (docs.aws.amazon.com: "Use the Instance Metadata Service"):
//   PUT /latest/api/token, X-aws-ec2-metadata-token-ttl-seconds: 21600  -> token
//   GET /latest/meta-data/iam/security-credentials/                     -> role
//   GET /latest/meta-data/iam/security-credentials/ROLE                 -> JSON
// Never version 1, which any SSRF can read. One attempt of a second each: where the answer's
// hop limit keeps it from pods, the token request is all that times out.
#pragma once

#include "lookout/base/result.hpp"

#include "src/aws/source_context.hpp"

namespace lookout::aws {

// kNotFound: switched off, not reached, or the machine has no role.
Result<Credentials> instance_credentials(const SourceContext& context);

}  // namespace lookout::aws
