// Answers of AWS STS, API version 2011-06-15 (docs.aws.amazon.com/STS/latest/APIReference):
//   <AssumeRoleResponse><AssumeRoleResult><Credentials>
//     <AccessKeyId/><SecretAccessKey/><SessionToken/><Expiration>2019-11-09T13:34:41Z</Expiration>
//   <ErrorResponse><Error><Type/><Code>AccessDenied</Code><Message/></Error>
// Pure. Messages quote nothing but the code: the others may hold what was sent.
#pragma once

#include <string>
#include <string_view>

#include "lookout/aws/credentials.hpp"
#include "lookout/base/result.hpp"

namespace lookout::aws {

// `action` is "AssumeRole" or "AssumeRoleWithWebIdentity". kUnavailable for anything else than a
// whole answer to it: another server speaks there.
Result<Credentials> parse_sts_credentials(std::string_view body, const std::string& action);

// "" when the body is no error of STS or its code is no word.
std::string sts_error_code(std::string_view body);

// kUnauthorized: the credentials or token that were shown are not good (any more); kForbidden;
// kThrottled; kUnavailable; kInvalid: STS does not understand the settings.
Error sts_refusal(int status, const std::string& code);

}  // namespace lookout::aws
