#include "lookout/repository/settings.hpp"

#include "src/repository/scan_failure.hpp"

namespace lookout::repository {
namespace {

std::string url_of(const HttpSource& source) {
  return source.file_path.empty() ? shown_url(source.url) : "file://" + source.file_path;
}

std::string url_of(const S3Source& source) {
  return "s3://" + source.location.bucket + "/" + source.location.key;
}

std::string url_of(const OciSource& source) {
  return "oci://" + source.host + (source.path.empty() ? "" : "/" + source.path);
}

std::string_view type_of(const HttpSource&) {
  return "http";
}

std::string_view type_of(const S3Source&) {
  return "s3";
}

std::string_view type_of(const OciSource&) {
  return "oci";
}

}  // namespace

std::string_view type_name(const RepositorySettings& settings) {
  return std::visit([](const auto& source) { return type_of(source); }, settings.source);
}

std::string display_url(const RepositorySettings& settings) {
  return std::visit([](const auto& source) { return url_of(source); }, settings.source);
}

}  // namespace lookout::repository
