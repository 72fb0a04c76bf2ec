// Any bytes as a manifest, a config blob or a page of tags: what is taken from them is within its
// limits and safe to be put into a path.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "src/repository/oci_manifest.hpp"
#include "src/repository/oci_tag.hpp"

using namespace lookout::repository;

namespace {

void check_tag(const std::string& tag) {
  const auto parsed = parse_chart_tag(tag);
  if (!parsed) return;
  if (parsed->tag.size() > kTagBytesMax) std::abort();
  if (parsed->tag.find_first_of("/?#%+ \r\n") != std::string::npos) std::abort();
  if (lookout::helm::parse_version(parsed->text) != parsed->version) std::abort();
  std::string back = parsed->text;
  std::replace(back.begin(), back.end(), '+', '_');
  if (back != parsed->tag) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto manifest = parse_manifest(text);
  if (manifest.ok() && *manifest && !is_digest((*manifest)->config_digest)) std::abort();
  const auto config = parse_chart_config(text);
  if (config.ok()) {
    using About = lookout::helm::ChartAbout;
    if (config->facts.app_version.size() > kAppVersionBytesMax) std::abort();
    if (config->about.description.size() > About::kDescriptionBytesMax) std::abort();
    if (config->about.icon.size() > About::kIconBytesMax) std::abort();
  }
  constexpr std::size_t kTagsMax = 50;
  std::vector<std::string> tags;
  static_cast<void>(append_tags_page(text, kTagsMax, tags).ok());
  if (tags.size() > kTagsMax) std::abort();
  for (const std::string& tag : tags) check_tag(tag);
  check_tag(std::string(text));
  return 0;
}
