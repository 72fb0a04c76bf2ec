// Credentials of a profile: those it holds, prints or may assume the role of.
#pragma once

#include <string>

#include "src/aws/profile_file.hpp"
#include "src/aws/source_context.hpp"

namespace lookout::aws {

// In this order, as in botocore: role_arn with web_identity_token_file; role_arn with
// source_profile or credential_source; aws_access_key_id; credential_process. nullopt: the profile
// has none of them, or "default" does not exist. kInvalid: another one that does not exist,
// settings that contradict themselves, a circle of source_profile, and what is not supported
// (SSO, mfa_serial), by name; else what the source says.
Found profile_credentials(const SourceContext& context, const Profiles& profiles,
                          const std::string& name);

}  // namespace lookout::aws
