#include "src/aws/profile_source.hpp"

#include <chrono>
#include <set>
#include <utility>

#include "lookout/base/text.hpp"

#include "src/aws/container_endpoint.hpp"
#include "src/aws/credential_process.hpp"
#include "src/aws/environment_credentials.hpp"
#include "src/aws/instance_metadata.hpp"
#include "src/aws/sts.hpp"

namespace lookout::aws {
namespace {

// Each link is a call of STS.
constexpr std::size_t kRoleChainMax = 8;

Error invalid(const std::string& name, const std::string& what) {
  return {ErrorCode::kInvalid, "profile " + quote_bounded(name) + ": " + what};
}

Found found(Result<Credentials> credentials) {
  if (!credentials) return credentials.error();
  return std::optional(std::move(credentials).value());
}

bool holds_keys(const Profile& profile) {
  return profile.contains("aws_access_key_id") || profile.contains("aws_secret_access_key");
}

bool wants_sso(const Profile& profile) {
  return profile.contains("sso_session") || profile.contains("sso_account_id") ||
         profile.contains("sso_start_url");
}

Found static_keys(const std::string& name, const Profile& profile) {
  Credentials credentials;
  credentials.access_key_id = setting(profile, "aws_access_key_id");
  credentials.secret_access_key = setting(profile, "aws_secret_access_key");
  credentials.session_token = setting(profile, "aws_session_token");
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return invalid(name, "aws_access_key_id and aws_secret_access_key come together");
  }
  if (!is_usable(credentials)) return invalid(name, "a key is not printable");
  return std::optional(std::move(credentials));
}

Result<RoleRequest> role_of(const std::string& name, const Profile& profile) {
  if (profile.contains("mfa_serial")) return invalid(name, "mfa_serial is not supported");
  RoleRequest role;
  role.role_arn = setting(profile, "role_arn");
  role.session_name = setting(profile, "role_session_name");
  role.external_id = setting(profile, "external_id");
  const std::string duration = setting(profile, "duration_seconds");
  if (duration.empty()) return role;
  const auto seconds = parse_number<std::uint32_t>(duration);
  if (!seconds) return invalid(name, "duration_seconds is no number");
  role.duration = std::chrono::seconds(*seconds);
  return role;
}

// Walks from profile to profile; `visited_` are those of the walk.
class ProfileWalk {
 public:
  ProfileWalk(const SourceContext& context, const Profiles& profiles)
      : context_(context), profiles_(profiles) {}

  Found load(const std::string& name) {
    const Profile& profile = profiles_.at(name);
    visited_.insert(name);
    if (profile.contains("role_arn")) return load_role(name, profile);
    return load_plain(name, profile);
  }

 private:
  Found load_plain(const std::string& name, const Profile& profile) {
    if (holds_keys(profile)) return static_keys(name, profile);
    const std::string process = setting(profile, "credential_process");
    if (!process.empty()) {
      auto credentials = run_credential_process(context_, process);
      if (!credentials) return named("profile " + quote_bounded(name), credentials.error());
      return found(std::move(credentials));
    }
    if (wants_sso(profile)) return invalid(name, "sign-in by SSO is not supported");
    return std::optional<Credentials>();
  }

  Found load_role(const std::string& name, const Profile& profile) {
    const auto role = role_of(name, profile);
    if (!role) return role.error();
    const std::string token_path = setting(profile, "web_identity_token_file");
    if (!token_path.empty()) {
      return found(assume_role_with_web_identity(context_, *role, token_path));
    }
    auto base = load_base(name, profile);
    if (!base) return base.error();
    return found(assume_role(context_, *role, *base));
  }

  Result<Credentials> load_base(const std::string& name, const Profile& profile) {
    const std::string source_profile = setting(profile, "source_profile");
    const std::string source = setting(profile, "credential_source");
    if (source_profile.empty() == source.empty()) {
      return invalid(name, "role_arn needs one of source_profile and credential_source");
    }
    auto base = source.empty() ? load_source_profile(name, source_profile)
                               : load_credential_source(name, source);
    if (!base) return base.error();
    if (!*base) return invalid(name, "the source of its role has no credentials");
    return std::move(**base);
  }

  // A profile may name itself when it holds keys.
  Found load_source_profile(const std::string& name, const std::string& source) {
    const auto next = profiles_.find(source);
    if (next == profiles_.end()) {
      return invalid(name, "source_profile " + quote_bounded(source) + " does not exist");
    }
    if (holds_keys(next->second)) return static_keys(source, next->second);
    if (visited_.contains(source)) return invalid(name, "source_profile goes in a circle");
    if (visited_.size() >= kRoleChainMax) {
      return invalid(name, "more than " + std::to_string(kRoleChainMax) + " roles in a row");
    }
    return load(source);
  }

  Found load_credential_source(const std::string& name, const std::string& source) {
    if (source == "Environment") return environment_credentials(context_.environment);
    if (source == "Ec2InstanceMetadata") return load_machine(name);
    if (source != "EcsContainer") {
      return invalid(name, "credential_source " + quote_bounded(source) + " is none");
    }
    if (!has_container_endpoint(context_.environment)) return std::optional<Credentials>();
    return found(container_credentials(context_));
  }

  // The profile counts on it: missing is no reason to ask other sources.
  Found load_machine(const std::string& name) {
    auto credentials = instance_credentials(context_);
    if (credentials || credentials.error().code != ErrorCode::kNotFound) {
      return found(std::move(credentials));
    }
    return named("profile " + quote_bounded(name),
                 {ErrorCode::kUnavailable, credentials.error().message});
  }

  const SourceContext& context_;
  const Profiles& profiles_;
  std::set<std::string> visited_;
};

}  // namespace

Found profile_credentials(const SourceContext& context, const Profiles& profiles,
                          const std::string& name) {
  if (!profiles.contains(name)) {
    if (name == "default") return std::optional<Credentials>();
    return invalid(name, "does not exist");
  }
  return ProfileWalk(context, profiles).load(name);
}

}  // namespace lookout::aws
