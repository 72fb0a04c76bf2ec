#include "src/aws/profile_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "lookout/base/text.hpp"
#include "lookout/system/files.hpp"

#include "src/aws/command_line.hpp"
#include "src/aws/source_context.hpp"

namespace lookout::aws {
namespace {

constexpr std::size_t kPathQuotedBytesMax = 256;

// The profile that a section is about; nullopt: none.
std::optional<std::string> profile_of(std::string_view section, ProfileFile kind) {
  if (kind == ProfileFile::kCredentials || section == "default") return std::string(section);
  if (!section.starts_with("profile")) return std::nullopt;
  const auto words = split_command_line(section);
  if (!words || words->size() != 2 || words->front() != "profile") return std::nullopt;
  return words->back();
}

class ProfileParser {
 public:
  ProfileParser(ProfileFile kind, Profiles& into) : kind_(kind), into_(into) {}

  // What is wrong with the line; nullptr: nothing.
  const char* take(std::string_view line) {
    const std::string_view text = trim(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') return nullptr;
    const std::size_t indent = line.find_first_not_of(" \t");
    if (indent > indent_ && !key_.empty()) {
      if (profile_ != nullptr) (*profile_)[key_].append("\n").append(text);
      return nullptr;
    }
    indent_ = indent;
    return text.front() == '[' ? take_section(text) : take_setting(text);
  }

 private:
  const char* take_section(std::string_view text) {
    const std::size_t close = text.rfind(']');
    if (close == std::string_view::npos || close < 2) return "a section without \"]\"";
    const auto name = profile_of(text.substr(1, close - 1), kind_);
    profile_ = name ? &into_[*name] : nullptr;
    key_.clear();
    in_section_ = true;
    return nullptr;
  }

  const char* take_setting(std::string_view text) {
    if (!in_section_) return "a setting before the first section";
    const std::size_t delimiter = text.find_first_of("=:");
    if (delimiter == std::string_view::npos) return "neither section nor setting";
    key_ = to_lower(trim(text.substr(0, delimiter)));
    if (key_.empty()) return "a setting without a name";
    if (profile_ != nullptr) (*profile_)[key_] = trim(text.substr(delimiter + 1));
    return nullptr;
  }

  const ProfileFile kind_;
  Profiles& into_;
  Profile* profile_ = nullptr;  // nullptr: in a section that is no profile
  std::string key_;             // of the last setting of the section
  std::size_t indent_ = 0;      // of it
  bool in_section_ = false;
};

std::string path_of(const Environment& environment, const std::string& name,
                    const std::string& file) {
  const std::string home = variable(environment, "HOME");
  std::string path = variable(environment, name);
  if (path.empty()) return home.empty() ? "" : home + "/.aws/" + file;
  if (path.starts_with("~/") && !home.empty()) path.replace(0, 1, home);
  return path;
}

Result<void> read_into(const std::string& path, ProfileFile kind, Profiles& into) {
  if (path.empty()) return {};
  const auto text = system::read_file(path, kProfileFileBytesMax);
  if (!text) {
    if (text.error().code == ErrorCode::kNotFound) return {};
    return Error{ErrorCode::kInvalid, text.error().message};
  }
  auto parsed = parse_profiles(*text, kind, into);
  if (!parsed) return named(quote_bounded(path, kPathQuotedBytesMax), parsed.error());
  return {};
}

}  // namespace

Result<void> parse_profiles(std::string_view text, ProfileFile kind, Profiles& into) {
  // Apart from `into`, so that the credentials file wins as a whole over the other.
  Profiles parsed;
  ProfileParser parser(kind, parsed);
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    if (const char* const wrong = parser.take(line)) {
      return Error{ErrorCode::kInvalid, "line " + std::to_string(number) + ": " + wrong};
    }
  }
  for (auto& [name, profile] : parsed) {
    Profile& known = into[name];
    for (auto& [key, value] : profile) known[key] = std::move(value);
  }
  return {};
}

Result<Profiles> read_profiles(const Environment& environment) {
  Profiles profiles;
  auto taken =
      read_into(path_of(environment, "AWS_CONFIG_FILE", "config"), ProfileFile::kConfig, profiles);
  if (!taken) return taken.error();
  taken = read_into(path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
                    ProfileFile::kCredentials, profiles);
  if (!taken) return taken.error();
  return profiles;
}

std::string profile_name(const Environment& environment, const std::string& chosen) {
  if (!chosen.empty()) return chosen;
  const std::string name = variable(environment, "AWS_PROFILE");
  return name.empty() ? "default" : name;
}

std::string setting(const Profile& profile, const std::string& key) {
  const auto found = profile.find(key);
  return found == profile.end() ? std::string() : found->second;
}

}  // namespace lookout::aws
