// Another exporter's values: the draft is YAML that reads back, whatever they hold.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lookout/base/check.hpp"
#include "lookout/encoding/yaml.hpp"

#include "src/cli/migrate_source.hpp"

using namespace lookout;
using namespace lookout::cli;

namespace {

void check_migration(std::string_view text, std::string_view from) {
  const auto migration = migrate_text(text, from);
  if (!migration) {
    LOOKOUT_CHECK(migration.error().message.find('\n') == std::string::npos);
    return;
  }
  LOOKOUT_CHECK(migration->summary.find('\n') == std::string::npos);
  const auto values = encoding::parse_yaml(migration->text);
  LOOKOUT_CHECK(values.ok() && values->kind != encoding::Yaml::Kind::kScalar);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  check_migration(text, "");
  for (const std::string& name : source_names()) check_migration(text, name);
  return 0;
}
