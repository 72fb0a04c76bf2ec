// The settings file: settings that are valid together, or one line.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"

#include "src/cli/settings.hpp"

using namespace lookout;
using namespace lookout::cli;

namespace {

void check_line(const Error& error) {
  LOOKOUT_CHECK(!error.message.empty());
  LOOKOUT_CHECK(error.message.find_first_of("\r\n") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  auto file = parse_settings_file({reinterpret_cast<const char*>(bytes), size});
  if (!file) {
    check_line(file.error());
    return 0;
  }
  GivenSources given;
  given.file = *file;
  const auto settings = resolve_settings(given, "helm-lookout-0");
  if (!settings) {
    check_line(settings.error());
    return 0;
  }
  LOOKOUT_CHECK(settings->namespaces.size() <= kNamespacesMax);
  LOOKOUT_CHECK(settings->shard < settings->total_shards);
  LOOKOUT_CHECK(settings->repositories == file->repositories);
  LOOKOUT_CHECK(resolve_settings(given, "helm-lookout-0").value() == *settings);
  return 0;
}
