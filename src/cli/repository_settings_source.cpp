#include "src/cli/repository_settings_source.hpp"

#include <algorithm>
#include <optional>

#include "lookout/aws/s3_endpoint.hpp"
#include "lookout/base/text.hpp"
#include "lookout/http/url.hpp"

namespace lookout::cli {
namespace {

constexpr std::string_view kIndexName = "index.yaml";
constexpr std::size_t kOciChartsMax = 1'000;

enum class SourceType { kHttp, kS3, kOci };

// A URL cut where its scheme ends.
struct GivenUrl {
  std::string scheme;  // lower case; "" when there is none
  std::string rest;    // after "://"
};

GivenUrl cut_scheme(const std::string& url) {
  const std::size_t colon = url.find("://");
  if (colon == std::string::npos) return {"", url};
  return {to_lower(url.substr(0, colon)), url.substr(colon + 3)};
}

std::optional<SourceType> type_of_scheme(std::string_view scheme) {
  if (scheme == "http" || scheme == "https" || scheme == "file") return SourceType::kHttp;
  if (scheme == "s3") return SourceType::kS3;
  if (scheme == "oci") return SourceType::kOci;
  return std::nullopt;
}

SourceType parse_type(SettingsSection& section, const GivenUrl& url) {
  const auto given = static_cast<SourceType>(section.one_of("type", {"http", "s3", "oci"}));
  const bool is_given = !section.text("type").empty();
  const bool has_bucket = section.has("bucket");
  if (section.text("url").empty()) {
    if (!has_bucket) section.fail("", "give a url, or the bucket of an S3 repository");
    if (is_given && given != SourceType::kS3) section.fail("bucket", "is for type s3");
    return SourceType::kS3;
  }
  const auto type = type_of_scheme(url.scheme);
  if (!type) section.fail("url", "expected https://, http://, s3://, oci:// or file://");
  if (type && is_given && given != *type) section.fail("url", "is not of that type");
  return type.value_or(SourceType::kHttp);
}

std::string without_slashes_at_ends(std::string text) {
  while (text.ends_with('/')) text.pop_back();
  text.erase(0, text.find_first_not_of('/'));
  return text;
}

// --- http, https, file ---

http::Url parse_http_url(SettingsSection& section, const std::string& text) {
  auto url = http::parse_url(text);
  if (!url) {
    section.fail("url", url.error().message);
    return {};
  }
  if (!url->userinfo.empty()) section.fail("url", "holds credentials: they belong under auth");
  return std::move(*url);
}

repository::HttpSource parse_http(SettingsSection& section, const GivenUrl& given) {
  repository::HttpSource out;
  if (given.scheme == "file") {
    const auto path = http::percent_decode(given.rest);
    if (!path || !path->starts_with('/')) section.fail("url", "expected file:///PATH");
    if (path) out.file_path = *path;
    return out;
  }
  out.url = parse_http_url(section, section.text("url"));
  SettingsSection auth = section.section("auth");
  out.auth = parse_http_auth(auth);
  section.check(auth);
  return out;
}

// --- s3 ---

void parse_s3_location(SettingsSection& section, const GivenUrl& given, aws::S3Location& out) {
  if (section.text("url").empty()) {
    out.bucket = section.text("bucket");
    out.key = section.text("key");
    if (out.key.empty()) out.key = kIndexName;
    return;
  }
  const std::size_t slash = given.rest.find('/');
  out.bucket = given.rest.substr(0, slash);
  if (slash != std::string::npos) out.key = without_slashes_at_ends(given.rest.substr(slash));
  const bool names_index =
      out.key.ends_with(".yaml") || out.key.ends_with(".yml") || out.key.ends_with(".json");
  if (!names_index) out.key += (out.key.empty() ? "" : "/") + std::string(kIndexName);
}

repository::S3Source parse_s3(SettingsSection& section, const GivenUrl& given) {
  repository::S3Source out;
  aws::S3Location& location = out.location;
  parse_s3_location(section, given, location);
  location.region = section.text("region");
  location.endpoint = section.text("endpoint");
  location.addressing =
      static_cast<aws::Addressing>(section.one_of("addressing", {"auto", "path", "virtual"}));
  location.dual_stack = section.flag("dualStack");
  location.fips = section.flag("fips");
  const auto resolved = aws::resolve_s3(location);
  if (!resolved) section.fail("", resolved.error().message);
  SettingsSection auth = section.section("auth");
  parse_s3_auth(auth, out);
  section.check(auth);
  return out;
}

// --- oci ---

// A path of the distribution specification: components of [a-z0-9._-], between slashes.
bool is_oci_path(std::string_view path) {
  const auto legal = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  };
  const auto parts = split(path, '/');
  return std::all_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), legal) && part != "." &&
           part != "..";
  });
}

void check_oci_paths(SettingsSection& section, const repository::OciSource& source) {
  if (source.path.empty() && source.charts.empty()) {
    section.fail("url", "expected oci://HOST/PATH/CHART, or charts beside it");
  }
  if (!source.path.empty() && !is_oci_path(source.path)) {
    section.fail("url", "expected a path of lower-case letters, digits, dots, dashes and slashes");
  }
  if (source.charts.size() > kOciChartsMax) {
    section.fail("charts", "at most " + std::to_string(kOciChartsMax));
  }
  for (const std::string& chart : source.charts) {
    if (!is_oci_path(chart)) section.fail("charts", "bad chart name " + quote_bounded(chart));
  }
}

repository::OciSource parse_oci(SettingsSection& section, const GivenUrl& given) {
  repository::OciSource out;
  // The host is checked as that of any URL.
  const http::Url url = parse_http_url(section, "https://" + given.rest);
  if (!url.query.empty()) section.fail("url", "expected no query");
  out.host = to_lower(given.rest.substr(0, given.rest.find('/')));
  out.path = without_slashes_at_ends(url.path);
  out.charts = section.texts("charts");
  out.plain_http = section.flag("plainHTTP");
  check_oci_paths(section, out);
  SettingsSection auth = section.section("auth");
  out.auth = parse_http_auth(auth);
  out.docker_config_file = auth.text("dockerConfigFile");
  section.check(auth);
  return out;
}

}  // namespace

RepositorySource parse_source(SettingsSection& section) {
  const GivenUrl url = cut_scheme(section.text("url"));
  switch (parse_type(section, url)) {
    case SourceType::kS3: return parse_s3(section, url);
    case SourceType::kOci: return parse_oci(section, url);
    case SourceType::kHttp: break;
  }
  return parse_http(section, url);
}

}  // namespace lookout::cli
