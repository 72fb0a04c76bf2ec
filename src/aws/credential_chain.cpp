#include "src/aws/credential_chain.hpp"

#include <utility>

#include "lookout/base/text.hpp"

#include "src/aws/container_endpoint.hpp"
#include "src/aws/environment_credentials.hpp"
#include "src/aws/instance_metadata.hpp"
#include "src/aws/profile_source.hpp"
#include "src/aws/sts.hpp"

namespace lookout::aws {
namespace {

constexpr const char* kFallbackRegion = "us-east-1";

Result<Credentials> given_credentials(const Credentials& credentials) {
  if (is_usable(credentials)) return credentials;
  return Error{ErrorCode::kInvalid,
               "the access key and its secret come together, in printable characters"};
}

// Settings that name a profile mean it: the environment's keys are then not asked.
Found credentials_at_hand(const CredentialsOptions& options, const SourceContext& context) {
  if (options.profile.empty()) {
    auto found = environment_credentials(context.environment);
    if (!found || *found) return found;
  }
  const auto profiles = read_profiles(context.environment);
  if (!profiles) return profiles.error();
  auto found =
      profile_credentials(context, *profiles, profile_name(context.environment, options.profile));
  if (!found || *found) return found;
  return web_identity_credentials(context);
}

Result<Credentials> chain_credentials(const CredentialsOptions& options,
                                      const SourceContext& context) {
  auto found = credentials_at_hand(options, context);
  if (!found) return found.error();
  if (*found) return std::move(**found);
  if (has_container_endpoint(context.environment)) return container_credentials(context);
  auto machine = instance_credentials(context);
  if (machine || machine.error().code != ErrorCode::kNotFound) return machine;
  return Error{ErrorCode::kNotFound,
               "no AWS credentials in environment, profile " +
                   quote_bounded(profile_name(context.environment, options.profile)) +
                   ", web identity and container; " + machine.error().message};
}

}  // namespace

Result<Credentials> load_credentials(const CredentialsOptions& options,
                                     const SourceContext& context) {
  auto base = options.source == CredentialsOptions::Source::kStatic
                  ? given_credentials(options.static_credentials)
                  : chain_credentials(options, context);
  if (!base) return base;
  if (base->expires_at && *base->expires_at <= context.clock.wall_now()) {
    return Error{ErrorCode::kUnauthorized, "the AWS credentials that were found have expired"};
  }
  if (!options.assume_role) return base;
  const AssumedRole& role = *options.assume_role;
  return assume_role(context, {role.role_arn, role.session_name, role.external_id, std::nullopt},
                     *base);
}

std::string sts_region(const CredentialsOptions& options) {
  if (!options.region.empty()) return options.region;
  const std::string region = region_from_environment(options.environment, options.profile);
  return region.empty() ? kFallbackRegion : region;
}

std::string region_from_environment(const Environment& environment, const std::string& profile) {
  for (const char* const name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    std::string region = variable(environment, name);
    if (!region.empty()) return region;
  }
  const auto profiles = read_profiles(environment);
  if (!profiles) return "";
  const auto found = profiles->find(profile_name(environment, profile));
  return found == profiles->end() ? "" : setting(found->second, "region");
}

std::string endpoint_from_environment(const Environment& environment, const std::string& service) {
  if (is_true(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) return "";
  const std::string own = variable(environment, "AWS_ENDPOINT_URL_" + service);
  return own.empty() ? variable(environment, "AWS_ENDPOINT_URL") : own;
}

}  // namespace lookout::aws
