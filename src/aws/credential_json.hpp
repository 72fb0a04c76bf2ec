// Credentials as JSON (docs.aws.amazon.com: "Process credential provider", "Container credential
// provider", "Retrieve security credentials from instance metadata"). Pure. Messages quote
// nothing of the text.
#pragma once

#include <string_view>

#include "lookout/aws/credentials.hpp"
#include "lookout/base/result.hpp"

namespace lookout::aws {

enum class CredentialDialect {
  kEndpoint,  // {"AccessKeyId", "SecretAccessKey", "Token", "Expiration", "Code": "Success"}
  kProcess,   // {"Version": 1, "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
};

// Without an Expiration they are long-lived. kMalformed: not of that form; kForbidden: a Code
// other than Success.
Result<Credentials> parse_credential_json(std::string_view text, CredentialDialect dialect);

}  // namespace lookout::aws
