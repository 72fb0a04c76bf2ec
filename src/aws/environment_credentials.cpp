#include "src/aws/environment_credentials.hpp"

#include <chrono>

#include "lookout/encoding/time.hpp"

#include "src/aws/sts.hpp"

namespace lookout::aws {

Found environment_credentials(const Environment& environment) {
  Credentials credentials;
  credentials.access_key_id = variable(environment, "AWS_ACCESS_KEY_ID");
  credentials.secret_access_key = variable(environment, "AWS_SECRET_ACCESS_KEY");
  credentials.session_token = variable(environment, "AWS_SESSION_TOKEN");
  if (credentials.access_key_id.empty() && credentials.secret_access_key.empty()) {
    return std::optional<Credentials>();
  }
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return Error{ErrorCode::kInvalid,
                 "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY come together or not at all"};
  }
  if (!is_usable(credentials)) {
    return Error{ErrorCode::kInvalid,
                 "the credentials in the environment hold characters that are not printable"};
  }
  const std::string expiration = variable(environment, "AWS_CREDENTIAL_EXPIRATION");
  if (expiration.empty()) return std::optional(credentials);
  const auto seconds = encoding::parse_rfc3339(expiration);
  if (!seconds) {
    return Error{ErrorCode::kInvalid, "AWS_CREDENTIAL_EXPIRATION is no RFC 3339 time"};
  }
  credentials.expires_at = encoding::wall_time(*seconds);
  return std::optional(credentials);
}

Found web_identity_credentials(const SourceContext& context) {
  const std::string path = variable(context.environment, "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (path.empty()) return std::optional<Credentials>();
  RoleRequest role;
  role.role_arn = variable(context.environment, "AWS_ROLE_ARN");
  role.session_name = variable(context.environment, "AWS_ROLE_SESSION_NAME");
  if (role.role_arn.empty()) {
    return Error{ErrorCode::kInvalid, "AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not"};
  }
  auto credentials = assume_role_with_web_identity(context, role, path);
  if (!credentials) return credentials.error();
  return std::optional(std::move(credentials).value());
}

}  // namespace lookout::aws
