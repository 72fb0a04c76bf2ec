#include "src/repository/oci_manifest.hpp"

#include <algorithm>

#include "lookout/encoding/time.hpp"

#include "src/repository/walk_json.hpp"

namespace lookout::repository {
namespace {

constexpr std::string_view kCreated = "org.opencontainers.image.created";

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// The last bytes of a cut text may be half a character.
std::string cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t size = bytes_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  return std::string(text.substr(0, size));
}

}  // namespace

bool is_digest(std::string_view text) {
  if (text.starts_with("sha256:")) return text.size() == 7 + 64 && is_hex(text.substr(7));
  if (text.starts_with("sha512:")) return text.size() == 7 + 128 && is_hex(text.substr(7));
  return false;
}

Result<std::optional<ChartManifest>> parse_manifest(std::string_view json) {
  ChartManifest manifest;
  bool is_chart = false;
  const Result<void> walked = walk_json(json, [&](JsonPath path, const JsonValue& value) {
    if (path_is(path, {"config", "mediaType"})) is_chart = text_of(value) == kHelmConfigType;
    if (path_is(path, {"config", "digest"})) manifest.config_digest = text_of(value);
    if (path_is(path, {"annotations", kCreated})) {
      manifest.created_seconds = encoding::parse_rfc3339(text_of(value));
    }
  });
  if (!walked.ok()) return walked.error();
  if (!is_chart) return std::optional<ChartManifest>();
  if (!is_digest(manifest.config_digest)) {
    return Error{ErrorCode::kMalformed, "a manifest without the digest of its config"};
  }
  return std::optional<ChartManifest>(std::move(manifest));
}

Result<ChartConfig> parse_chart_config(std::string_view json) {
  using helm::ChartAbout;
  ChartConfig config;
  const Result<void> walked = walk_json(json, [&](JsonPath path, const JsonValue& value) {
    const std::string_view text = text_of(value);
    if (path_is(path, {"appVersion"})) config.facts.app_version = cut(text, kAppVersionBytesMax);
    if (path_is(path, {"deprecated"})) {
      const bool* const flag = std::get_if<bool>(&value);
      config.facts.deprecated = flag != nullptr && *flag;
    }
    if (path_is(path, {"description"})) {
      config.about.description = cut(text, ChartAbout::kDescriptionBytesMax);
    }
    if (path_is(path, {"icon"})) {
      config.about.icon = text.size() <= ChartAbout::kIconBytesMax ? text : "";
    }
  });
  if (!walked.ok()) return walked.error();
  return config;
}

}  // namespace lookout::repository
