// The shared configuration of AWS tools, two INI files (docs.aws.amazon.com: "Shared config and
// credentials files"), read as botocore reads them:
//   ~/.aws/config       [default], [profile NAME]; other sections are ignored
//   ~/.aws/credentials  [NAME], which wins over the same profile of the first
//   key = value   or   key: value; keys in any case; full-line comments by # or ;
//   lines indented more than their setting continue it (nested settings, of no use here)
// Unlike botocore, sections of one name are merged, as the other SDKs do.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "lookout/aws/credentials.hpp"
#include "lookout/base/result.hpp"

namespace lookout::aws {

using Profile = std::map<std::string, std::string>;
using Profiles = std::map<std::string, Profile>;

inline constexpr std::size_t kProfileFileBytesMax = std::size_t{1} << 20;

enum class ProfileFile { kConfig, kCredentials };

// Pure. Adds to `into`. kInvalid with the line, quoting nothing of it.
Result<void> parse_profiles(std::string_view text, ProfileFile kind, Profiles& into);

// Both files: AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, else those in HOME. One that is not
// there holds nothing. kInvalid: one that cannot be read, naming its path.
Result<Profiles> read_profiles(const Environment& environment);

// `chosen`, else AWS_PROFILE, else "default".
std::string profile_name(const Environment& environment, const std::string& chosen);

// "" when absent.
std::string setting(const Profile& profile, const std::string& key);

}  // namespace lookout::aws
