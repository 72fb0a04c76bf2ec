#include "lookout/helm/secret_meta.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "lookout/base/text.hpp"

namespace lookout::helm {
namespace {

constexpr std::string_view kPrefix = "sh.helm.release.v";
constexpr std::string_view kVersion1 = "1.";
constexpr std::string_view kRevisionMark = ".v";

constexpr std::array<std::string_view, kStatusCount> kStatusNames = {
    "unknown",      "deployed",        "uninstalled",     "superseded",      "failed",
    "uninstalling", "pending-install", "pending-upgrade", "pending-rollback"};

bool is_lower_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// Helm's pattern for release names: parts of [a-z0-9-] with no hyphen at either end, between dots.
bool is_release_name(std::string_view name) {
  const std::vector<std::string_view> parts = split(name, '.');
  return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
    return !part.empty() && part.front() != '-' && part.back() != '-' &&
           std::all_of(part.begin(), part.end(),
                       [](char c) { return c == '-' || is_lower_alphanumeric(c); });
  });
}

// A decimal number in canonical form.
std::optional<Revision> parse_canonical(std::string_view digits) {
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  return parse_number<Revision>(digits);
}

std::optional<StorageName> parse_release_and_revision(std::string_view text) {
  const std::size_t mark = text.rfind(kRevisionMark);
  if (mark == std::string_view::npos) return std::nullopt;
  const auto revision = parse_canonical(text.substr(mark + kRevisionMark.size()));
  constexpr Revision kRevisionMax = std::numeric_limits<std::int32_t>::max();
  if (!revision || *revision == 0 || *revision > kRevisionMax) return std::nullopt;
  if (!is_release_name(text.substr(0, mark))) return std::nullopt;
  return StorageName{text.substr(0, mark), *revision};
}

}  // namespace

const std::string* SecretMeta::label(std::string_view key) const {
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [key](const auto& label) { return label.first == key; });
  return found == labels.end() ? nullptr : &found->second;
}

std::string_view status_name(Status status) {
  return kStatusNames[static_cast<std::size_t>(status)];
}

std::optional<Status> parse_status(std::string_view text) {
  const auto found = std::find(kStatusNames.begin(), kStatusNames.end(), text);
  if (found == kStatusNames.end()) return std::nullopt;
  return static_cast<Status>(found - kStatusNames.begin());
}

std::string_view ignored_name_reason(IgnoredName reason) {
  return reason == IgnoredName::kBadName ? "bad_name" : "unsupported_version";
}

ParsedName parse_storage_name(std::string_view object_name) {
  const ParsedName bad{std::nullopt, IgnoredName::kBadName};
  if (!object_name.starts_with(kPrefix)) return bad;
  const std::string_view versioned = object_name.substr(kPrefix.size());
  if (versioned.starts_with(kVersion1)) {
    return {parse_release_and_revision(versioned.substr(kVersion1.size())), IgnoredName::kBadName};
  }
  const std::size_t dot = versioned.find('.');
  if (dot == std::string_view::npos || !parse_canonical(versioned.substr(0, dot))) return bad;
  return {std::nullopt, IgnoredName::kUnsupportedVersion};
}

std::string storage_name(std::string_view release, Revision revision) {
  std::string name(kPrefix);
  name += kVersion1;
  name += release;
  name += kRevisionMark;
  name += std::to_string(revision);
  return name;
}

}  // namespace lookout::helm
