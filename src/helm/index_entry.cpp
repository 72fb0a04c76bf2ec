#include "src/helm/index_entry.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace lookout::helm {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// sanitizeString, of ASCII: white space becomes a space, what cannot be printed goes.
void sanitize(std::string& text) {
  if (std::none_of(text.begin(), text.end(), is_control)) return;
  constexpr std::string_view kSpace = "\t\n\v\f\r";
  std::replace_if(
      text.begin(), text.end(), [&](char c) { return kSpace.find(c) != kSpace.npos; }, ' ');
  text.erase(std::remove_if(text.begin(), text.end(), is_control), text.end());
}

bool is_chart_name(const std::string& name) {
  if (name.empty() || name == "." || name == "..") return false;
  return name == "/" || name.find('/') == std::string::npos;
}

bool is_chart_type(std::string_view type) {
  return type.empty() || type == "application" || type == "library";
}

}  // namespace

std::variant<ChartVersion, SkippedEntry> judge_entry(IndexEntry& entry) {
  if (entry.refused) return *entry.refused;
  sanitize(entry.name);
  sanitize(entry.app_version);
  if (!is_chart_name(entry.name)) return SkippedEntry::kNoName;
  if (entry.version.empty()) return SkippedEntry::kNoVersion;
  auto version = parse_version(entry.version);
  if (!version) return SkippedEntry::kBadVersion;
  if (!is_chart_type(entry.type) || entry.bad_node) return SkippedEntry::kBadType;
  return ChartVersion{std::move(entry.version), std::move(*version), std::move(entry.app_version),
                      entry.created_seconds, entry.deprecated};
}

bool is_dependency_alias(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
  });
}

}  // namespace lookout::helm
