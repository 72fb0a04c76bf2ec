// The whole way to credentials, once: the chosen source, and the role on top.
#pragma once

#include "lookout/aws/credentials.hpp"
#include "lookout/aws/retry.hpp"
#include "lookout/base/result.hpp"

#include "src/aws/source_context.hpp"

namespace lookout::aws {

// Errors as CredentialsProvider::credentials. REQUIRES: options.source is not kAnonymous
Result<Credentials> load_credentials(const CredentialsOptions& options,
                                     const SourceContext& context);

// Of STS, in the order of CredentialsOptions::region.
std::string sts_region(const CredentialsOptions& options);

}  // namespace lookout::aws
