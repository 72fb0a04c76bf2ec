// Credentials of environment variables.
#pragma once

#include "src/aws/source_context.hpp"

namespace lookout::aws {

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION.
// kInvalid: half a pair, or not printable.
Found environment_credentials(const Environment& environment);

// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME (IRSA). kInvalid: a token file
// without a role; else what STS says.
Found web_identity_credentials(const SourceContext& context);

}  // namespace lookout::aws
